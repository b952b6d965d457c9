using ClaudeDrive.Redaction;
using Xunit;

namespace ClaudeDrive.Tests.Redaction;

public sealed class JsonPathTests
{
    [Theory]
    [InlineData("$.a", 1)]
    [InlineData("$.a.b_1", 2)]
    [InlineData("$['a b']", 1)]
    [InlineData("$[\"it's\"]", 1)]
    [InlineData("$['it\\'s']", 1)]
    [InlineData("$[0][*].*", 3)]
    [InlineData("$..a", 1)]
    [InlineData("$..*", 1)]
    [InlineData("$..['a'][7]", 2)]
    [InlineData("$.größe", 1)]
    public void Parse_Path_HasItsSteps(string text, int steps)
    {
        var path = JsonPath.Parse(text, out var problem);
        Assert.Equal("", problem);
        Assert.Equal(steps, path!.Steps.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("$")]
    [InlineData("$.")]
    [InlineData("$..")]
    [InlineData("$a")]
    [InlineData("$.1")]
    [InlineData("$.a-b")]
    [InlineData("$[")]
    [InlineData("$['a'")]
    [InlineData("$['a")]
    [InlineData("$['a\\")]
    [InlineData("$[-1]")]
    [InlineData("$[1:2]")]
    [InlineData("$['a','b']")]
    [InlineData("$[?@.a]")]
    [InlineData("$[99999999999]")]
    public void Parse_NoPath_SaysWhy(string text)
    {
        Assert.Null(JsonPath.Parse(text, out var problem));
        Assert.NotEqual("", problem);
    }

    [Fact]
    public void Parse_TooManySteps_IsRefused()
    {
        Assert.NotNull(JsonPath.Parse("$" + string.Concat(Enumerable.Repeat(".a", JsonPath.MaxSteps)), out _));
        Assert.Null(JsonPath.Parse("$" + string.Concat(Enumerable.Repeat(".a", JsonPath.MaxSteps + 1)), out _));
    }
}
