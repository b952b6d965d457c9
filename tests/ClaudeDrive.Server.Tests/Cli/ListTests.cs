using System.Text.Json;
using Xunit;

namespace ClaudeDrive.Server.Tests.Cli;

/// <summary>The list verbs: filters, pages, one JSON document.</summary>
public sealed class ListTests
{
    private const string Page = """{"data":[{"event_id":"whe_1","event_type":"t","state":"dead","received_at":"2026-03-18T14:05:00Z","new_field":1}],"next_cursor":"c 2","total":2}""";

    [Fact]
    public async Task List_Json_IsTheServersDocumentAlone()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/events", Page);

        var result = await CliProbe.For(server).RunAsync("events", "list", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(Page + "\n", result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task List_MorePages_SaysHowManyAndTheNextCommand()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/events", Page);

        var result = await CliProbe.For(server).RunAsync("events", "list", "--state", "dead", "--limit", "1");

        Assert.Contains("whe_1", result.Output, StringComparison.Ordinal);
        Assert.Contains("5m ago", result.Output, StringComparison.Ordinal);
        Assert.Contains("1 of 2 events", result.Error, StringComparison.Ordinal);
        Assert.Contains("next page: claudedrive events list --state dead --limit 1 --cursor 'c 2'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_All_FollowsCursorsIntoOneDocument()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/events", Page);
        server.On("GET /api/v1/events?limit=200&cursor=c%202", """{"data":[{"event_id":"whe_2"}],"next_cursor":null,"total":2}""");

        var result = await CliProbe.For(server).RunAsync("events", "list", "--all", "--json");

        using var document = JsonDocument.Parse(result.Output);
        Assert.Equal(["whe_1", "whe_2"], document.RootElement.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("event_id").GetString()!));
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("next_cursor").ValueKind);
        Assert.Equal(2, document.RootElement.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task List_CursorThatNeverEnds_Fails()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/events", Page);

        var result = await CliProbe.For(server).RunAsync("events", "list", "--all");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("same next_cursor twice", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("events list", "no events yet", "claudedrive demo")]
    [InlineData("events list --state dead", "no events match", "leave out a filter")]
    [InlineData("sessions list", "no sessions yet", "claudedrive events list")]
    [InlineData("reviews list", "no reviews yet", "nothing waits")]
    [InlineData("dead-letters list", "no dead letters yet", "nothing to do")]
    [InlineData("deliveries list", "no deliveries yet", "/webhooks/claude")]
    public async Task List_Empty_SaysSoWithTheNextStep(string line, string expected, string next)
    {
        await using var server = await FakeServer.StartAsync();
        var args = line.Split(' ');
        server.On($"GET /api/v1/{args[0]}", """{"data":[],"next_cursor":null,"total":0}""");

        var result = await CliProbe.For(server).RunAsync(args);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Contains(next, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData(
        "events list --type session.x --resource r --session-id s --workspace w --state dead --endpoint e --source webhook --from 2026-03-18T15:00:00+01:00 --to 1m --limit 7",
        "/api/v1/events?type=session.x&resource_id=r&session_id=s&workspace_id=w&state=dead&endpoint=e&source=webhook&from=2026-03-18T14%3A00%3A00Z&to=2026-03-18T14%3A09%3A00Z&limit=7")]
    [InlineData("sessions list --status idle --triage needs_answer --workspace-id w --agent a --q x&y", "/api/v1/sessions?status=idle&triage=needs_answer&workspace_id=w&agent_id=a&q=x%26y")]
    [InlineData("reviews list --state open --session s --assignee dana", "/api/v1/reviews?state=open&session_id=s&assignee=dana")]
    [InlineData("deliveries list --endpoint e --outcome rejected --from 1h --cursor c", "/api/v1/deliveries?endpoint=e&outcome=rejected&from=2026-03-18T13%3A10%3A00Z&cursor=c")]
    [InlineData("dead-letters list --type t", "/api/v1/dead-letters?type=t")]
    public async Task List_Filters_AreSentAsQuery(string line, string target)
    {
        await using var server = await FakeServer.StartAsync();

        await CliProbe.For(server).RunAsync(line.Split(' '));

        Assert.Equal("GET " + target, Assert.Single(server.Seen).Line);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task List_NarrowTerminal_IdsStayWholeAndLinesFit(int width)
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/sessions", """
            {"data":[{"session_id":"sesn_01TESTSESSION000000000001","status":"idle","triage":"needs_answer","title":"A title that is much longer than any terminal is wide, and then some more of it",
            "agent":{"name":"refund-desk"},"workspace_id":"wrkspc_01","revision":3,"as_of":"2026-03-18T14:05:00Z"}],"next_cursor":null,"total":1}
            """);
        var probe = new CliProbe { Width = width, Variables = { ["CLAUDEDRIVE_URL"] = server.Url } };

        var result = await probe.RunAsync("sessions", "list");

        Assert.Contains("sesn_01TESTSESSION000000000001", result.Output, StringComparison.Ordinal);
        Assert.All(result.Output.Split('\n'), line => Assert.True(line.Length <= width && line == line.TrimEnd(), line));
    }
}
