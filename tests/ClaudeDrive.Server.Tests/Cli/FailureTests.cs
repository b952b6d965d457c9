using Xunit;

namespace ClaudeDrive.Server.Tests.Cli;

/// <summary>What the server refuses becomes a message with its code, a next step and the right exit code.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData(400, "cursor_malformed", 2, "the cursor cannot be read")]
    [InlineData(422, "answer_does_not_fit", 2, "the cursor cannot be read")]
    [InlineData(401, "unauthorized", 1, "the key was refused")]
    [InlineData(403, "forbidden", 1, "your role does not allow this")]
    [InlineData(404, "not_found", 1, "the cursor cannot be read")]
    [InlineData(409, "already_answered", 1, "reviews show")]
    [InlineData(409, "session_moved_on", 1, "nothing was sent")]
    [InlineData(409, "claimed_by_other", 1, "--note")]
    [InlineData(429, "rate_limited", 1, "slow down")]
    [InlineData(500, "internal_error", 1, "the server failed with 500")]
    [InlineData(503, "store_unavailable", 1, "the server failed with 503")]
    public async Task Call_ProblemDocument_SaysCodeAndNextStep(int status, string code, int exitCode, string expected)
    {
        await using var server = await FakeServer.StartAsync();
        server.On("POST /api/v1/reviews/r/claim", $$"""{"type":"about:blank","title":"T","status":{{status}},"detail":"the cursor cannot be read","code":"{{code}}"}""", status);

        var result = await CliProbe.For(server).RunAsync("reviews", "claim", "r");

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains($"({code})", result.Error, StringComparison.Ordinal);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.DoesNotContain(CliProbe.ApiKey, result.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_NoServer_SaysHowToStartOne()
    {
        var result = await new CliProbe { Variables = { ["CLAUDEDRIVE_URL"] = "http://127.0.0.1:1" } }.RunAsync("events", "list", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no server answers at http://127.0.0.1:1", result.Error, StringComparison.Ordinal);
        Assert.Contains("claudedrive serve", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Call_NoKeyAndRefused_AsksForOne()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/events", "", 401);
        var probe = CliProbe.For(server);
        probe.Variables.Remove("CLAUDEDRIVE_API_KEY");

        var result = await probe.RunAsync("events", "list");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("none was given", result.Error, StringComparison.Ordinal);
        Assert.Contains("set CLAUDEDRIVE_API_KEY", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_Redirect_IsNotFollowed()
    {
        await using var server = await FakeServer.StartAsync();
        await using var other = await FakeServer.StartAsync();
        server.On("GET /api/v1/events", context =>
        {
            context.Response.Redirect(other.Url + "/api/v1/events");
            return Task.CompletedTask;
        });

        var result = await CliProbe.For(server).RunAsync("events", "list");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("redirect", result.Error, StringComparison.Ordinal);
        Assert.Empty(other.Seen);
    }

    [Fact]
    public async Task Call_AnswerIsNotJson_SaysThatThisIsAnotherServer()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/events", "<html>hello</html>");

        var result = await CliProbe.For(server).RunAsync("events", "list");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no ClaudeDrive server", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a?x=1#y", "a%3Fx%3D1%23y")]
    [InlineData("../sessions", "..%2Fsessions")]
    [InlineData("ä %", "%C3%A4%20%25")]
    public async Task Call_StrangeId_StaysInItsSegment(string id, string encoded)
    {
        await using var server = await FakeServer.StartAsync();

        await CliProbe.For(server).RunAsync("events", "show", id);

        Assert.Equal("GET /api/v1/events/" + encoded, Assert.Single(server.Seen).Line);
    }

    [Fact]
    public async Task Call_OptionsAfterTheVerb_AddressAndKeyAreUsed()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /base/api/v1/events", """{"data":[],"next_cursor":null,"total":0}""");

        var result = await new CliProbe().RunAsync("events", "list", "--server", server.Url + "/base/", "--api-key", "other_key");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("Bearer other_key", Assert.Single(server.Seen).Authorization);
        Assert.DoesNotContain("other_key", result.Everything, StringComparison.Ordinal);
    }
}
