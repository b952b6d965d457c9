using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace ClaudeDrive.Server.Tests.Cli;

/// <summary><c>reviews answer</c>: what is sent, and how waiting ends.</summary>
public sealed class AnswerTests
{
    [Theory]
    [InlineData("""{"type":"result","content":"ok then","is_error":false}""", "--result", "ok then")]
    [InlineData("""{"type":"result","content":"","is_error":false}""", "--result", "")]
    [InlineData("""{"type":"result","content":"@everyone","is_error":true}""", "--result", "@everyone", "--is-error")]
    [InlineData("""{"type":"result","content":"{\u0022a\u0022:1}","is_error":false}""", "--result-json", """{ "a": 1 }""")]
    [InlineData("""{"type":"result","content":[{"type":"text","text":"hi"}],"is_error":false}""", "--result-json", """[{"type":"text","text":"hi"}]""")]
    [InlineData("""{"type":"result","content":"[1,2]","is_error":false}""", "--result-json", "[1,2]")]
    [InlineData("""{"type":"allow"}""", "--allow")]
    [InlineData("""{"type":"deny"}""", "--deny")]
    [InlineData("""{"type":"deny","message":"too much"}""", "--deny", "too much")]
    [InlineData("""{"type":"message","text":"go on"}""", "--message", "go on")]
    [InlineData("""{"type":"budget","amount":"2500"}""", "--budget", "2500")]
    [InlineData("""{"type":"budget","amount":null}""", "--budget", "none")]
    [InlineData("""{"type":"interrupt"}""", "--interrupt")]
    [InlineData("""{"type":"allow","note":"asked Kim","expected_input_hash":"h1"}""", "--allow", "--note", "asked Kim", "--expected-input-hash", "h1")]
    public async Task Answer_EachKind_BodyHasItsShape(string expected, params string[] options)
    {
        await using var server = await FakeServer.StartAsync();
        server.On("POST /api/v1/reviews/rvw_1/answer", """{"review_id":"rvw_1","state":"answered","send_state":"pending"}""");

        var result = await CliProbe.For(server).RunAsync(["reviews", "answer", "rvw_1", .. options]);

        Assert.Equal(0, result.ExitCode);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(Assert.Single(server.Seen).Body)), server.Seen.First().Body);
        Assert.Contains("rvw_1 is answered", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"state":"resumed","answer_event_id":"sevt_9"}""", 0, "is resumed")]
    [InlineData("""{"state":"closed_elsewhere"}""", 1, "did not reach the session")]
    [InlineData("""{"state":"cancelled"}""", 1, "did not reach the session")]
    [InlineData("""{"state":"expired"}""", 1, "did not reach the session")]
    public async Task Answer_Wait_EndsWithTheFinalState(string final, int exitCode, string expected)
    {
        await using var server = await FakeServer.StartAsync();
        var polls = 0;
        server.On("POST /api/v1/reviews/r/answer", """{"state":"answered"}""");
        server.On("GET /api/v1/reviews/r", context => context.Response.WriteAsync(++polls < 3 ? """{"state":"sending"}""" : final, context.RequestAborted));

        var result = await Impatient(server).RunAsync("reviews", "answer", "r", "--allow", "--wait");

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(expected, result.Everything, StringComparison.Ordinal);
        Assert.Equal(3, polls);
    }

    [Fact]
    public async Task Answer_WaitTooShort_FailsAndSaysThatItGoesOn()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("POST /api/v1/reviews/r/answer", """{"state":"answered"}""").On("GET /api/v1/reviews/r", """{"state":"sending"}""");

        var result = await Impatient(server).RunAsync("reviews", "answer", "r", "--allow", "--wait", "3", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("goes on trying", result.Error, StringComparison.Ordinal);
        Assert.Equal("""{"state":"sending"}""" + "\n", result.Output);
    }

    [Fact]
    public async Task Show_OpenReview_PrintsCommandsThatParse()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/reviews/r", """{"review_id":"r'1","state":"open","kind":"tool_permission","tool_name":"bash","input":{"command":"ls"},"input_hash":"h"}""");

        var result = await CliProbe.For(server).RunAsync("reviews", "show", "r");

        Assert.Contains("\"command\": \"ls\"", result.Output, StringComparison.Ordinal);
        Assert.Contains(@"claudedrive reviews answer 'r'\''1' --allow --expected-input-hash h", result.Output, StringComparison.Ordinal);
        Assert.Contains("may run bash", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeadLetters_RetryByFilter_SendsTheFilters()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("POST /api/v1/dead-letters/retry", """{"retried":3}""");

        var result = await CliProbe.For(server).RunAsync("dead-letters", "retry", "--session", "s", "--type", "t");

        Assert.Equal(0, result.ExitCode);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"type":"t","session_id":"s"}"""), JsonNode.Parse(Assert.Single(server.Seen).Body)));
        Assert.Contains("3 dead letters", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeadLetters_DiscardSeveral_OneFailureDoesNotStopTheOthers()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("POST /api/v1/dead-letters/b/discard", """{"event_id":"b","state":"discarded"}""");

        var result = await CliProbe.For(server).RunAsync("dead-letters", "discard", "a", "b", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("""{"data":[{"event_id":"b","state":"discarded"}]}""" + "\n", result.Output);
        Assert.Contains("a: ", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A clock on which every pause is over at once.</summary>
    private static CliProbe Impatient(FakeServer server)
    {
        return new CliProbe { Time = new SkippingTime(), Variables = { ["CLAUDEDRIVE_URL"] = server.Url } };
    }
}
