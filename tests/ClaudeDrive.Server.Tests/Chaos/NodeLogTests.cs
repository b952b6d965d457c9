using ClaudeDrive.Chaos.Nodes;
using Xunit;

namespace ClaudeDrive.Server.Tests.Chaos;

/// <summary>What is found in a node's log.</summary>
public sealed class NodeLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("claudedrive-log-").FullName;
    private readonly NodeLog _log;

    public NodeLogTests() => _log = new NodeLog(Path.Combine(_folder, "node.log"), ["sk-secret-of-this-run"]);

    public void Dispose()
    {
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("the key is sk-secret-of-this-run", "line 1 holds a secret of the run")]
    [InlineData("whsec_AAAA", "line 1 holds a signing secret")]
    [InlineData("webhook-signature: v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=", "line 1 holds a signature")]
    public void Hear_ASecret_IsFoundAndNotRepeated(string line, string leak)
    {
        _log.Hear(line);

        Assert.Equal([leak], _log.Leaks);
    }

    [Theory]
    [InlineData("""{"EventId":5001,"LogLevel":"Information","Message":"Answer of rev_1"}""")]
    [InlineData("/api/v1,sessions")]
    [InlineData("{\"EventId\":2001,\"LogLevel\":\"Error\",\"Mess")]
    public void Hear_AnOrdinaryLine_NothingIsFound(string line)
    {
        _log.Hear(line);

        Assert.Empty(_log.Leaks);
        Assert.Empty(_log.Errors);
    }

    [Fact]
    public void Hear_TheSameErrorTwice_IsCountedWithItsFirstMessage()
    {
        _log.Hear("""{"EventId":2001,"LogLevel":"Error","Category":"A","Message":"first","Exception":"X: broke\n   at B"}""");
        _log.Hear("""{"EventId":2001,"LogLevel":"Error","Category":"A","Message":"second"}""");
        _log.Hear("""{"EventId":2001,"LogLevel":"Critical","Category":"A","Message":"third"}""");

        Assert.Equal([new LoggedError(2001, "A", "Error", "first", "X: broke", 2), new LoggedError(2001, "A", "Critical", "third", null, 1)], _log.Errors);
    }

    [Fact]
    public void Dispose_AfterLines_TheFileHasThem()
    {
        _log.Hear("one");
        _log.Hear("two");
        _log.Dispose();

        Assert.Equal(["one", "two"], File.ReadAllLines(_log.Path));
    }
}
