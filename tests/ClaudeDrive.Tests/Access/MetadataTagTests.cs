using ClaudeDrive.Access;
using Xunit;

namespace ClaudeDrive.Tests.Access;

public sealed class MetadataTagTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[\"a\"]")]
    [InlineData("{}")]
    [InlineData("""{"number":1,"flag":true,"nothing":null,"list":["x"],"object":{"a":"b"}}""")]
    [InlineData("""{"half":"\ud800"}""")]
    public void Read_NothingAGrantCouldName_IsEmpty(string? json) => Assert.Empty(MetadataTag.Read(json));

    [Fact]
    public void Read_Pairs_AreReadUnescapedAndOnce() => Assert.Equal(
        [new("team", "bill\"ing"), new("", ""), new("team", "legal")],
        MetadataTag.Read("""{"team":"bill\u0022ing","":"","team":"legal","team":"legal","n":1}"""));
}
