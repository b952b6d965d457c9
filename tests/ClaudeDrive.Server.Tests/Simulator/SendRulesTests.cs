using System.Text.Json.Nodes;
using ClaudeDrive.Simulator;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Server.Tests.Simulator;

/// <summary>Answers, partial answers, refusals and interrupts.</summary>
public sealed class SendRulesTests
{
    [Fact]
    public async Task Send_PartialAnswers_NewIdleListsTheRest()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("parallel_blockers")[0];
        await host.QuietAsync();
        using var client = host.Client();
        var open = Open(host, id);

        Assert.Equal(200, await SendAsync(client, id, Result(open[0])));
        Assert.Equal(open.Skip(1), Open(host, id));
        var (_, page) = await client.CallAsync("GET", $"/v1/sessions/{id}/events?order=desc&types[]=session.status_idle&limit=1");
        Assert.Equal(open.Skip(1), page["data"]![0]!["stop_reason"]!["event_ids"]!.AsArray().Select(node => (string)node!));

        Assert.Equal(200, await SendAsync(client, id, Result(open[1]), Allow(open[2])));
        await host.QuietAsync();
        Assert.Equal("end_turn", (string)host.TrueState(id)["stop_reason"]!);
        Assert.All(host.ReadLedger().Items("user_events"), item => Assert.Equal(1, (int)item["count"]!));
    }

    [Fact]
    public async Task Send_OneBadEvent_NoneIsStored()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("parallel_blockers")[0];
        await host.QuietAsync();
        using var client = host.Client();
        var open = Open(host, id);
        var events = EventIds(host, id);

        Assert.Equal(400, await SendAsync(client, id, Result(open[0]), Result("sevt_unknown")));
        Assert.Equal(400, await SendAsync(client, id, Result(open[0]), Result(open[0])));
        Assert.Equal(open, Open(host, id));
        Assert.Equal(events, EventIds(host, id));
    }

    [Theory]
    [InlineData("""{"type":"user.message","content":[{"type":"text","text":"hello"}]}""")]
    [InlineData("""{"type":"user.define_outcome","description":"d","rubric":{"type":"text","content":"c"}}""")]
    [InlineData("""{"type":"user.custom_tool_result","custom_tool_use_id":"sevt_none"}""")]
    [InlineData("""{"type":"user.tool_confirmation","tool_use_id":"BLOCKER","result":"maybe"}""")]
    [InlineData("""{"type":"user.tool_confirmation","tool_use_id":"BLOCKER","result":"allow","deny_message":"no"}""")]
    [InlineData("""{"type":"user.custom_tool_result","custom_tool_use_id":"BLOCKER"}""")]
    [InlineData("""{"type":"agent.message","content":[]}""")]
    [InlineData("""{"type":"system.message","content":[{"type":"text","text":"x"}]}""")]
    public async Task Send_WhileBlockedOnPermission_IsRefused(string item)
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("needs_permission")[0];
        await host.QuietAsync();
        using var client = host.Client();

        Assert.Equal(400, await SendAsync(client, id, item.Replace("BLOCKER", Open(host, id)[0], StringComparison.Ordinal)));
        Assert.Single(host.ReadLedger().Items("refused_user_events"));
        Assert.Single(Open(host, id));
    }

    [Fact]
    public async Task Send_Deny_ToolResultIsAnError()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("needs_permission")[0];
        await host.QuietAsync();
        using var client = host.Client();
        var blocker = Open(host, id)[0];
        await SendAsync(client, id, """{"type":"user.tool_confirmation","tool_use_id":"BLOCKER","result":"deny","deny_message":"keep it"}""".Replace("BLOCKER", blocker, StringComparison.Ordinal));
        await host.QuietAsync();

        var (_, page) = await client.CallAsync("GET", $"/v1/sessions/{id}/events?types[]=agent.tool_result&types[]=agent.mcp_tool_result");
        Assert.True((bool)page.Items("data").Single()["is_error"]!);
    }

    [Fact]
    public async Task Send_Interrupt_BlockersCloseAndTurnEndsNormally()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("parallel_blockers")[0];
        await host.QuietAsync();
        using var client = host.Client();
        var blocker = Open(host, id)[0];
        Assert.Equal(200, await SendAsync(client, id, """{"type":"user.interrupt"}"""));
        await host.QuietAsync();

        Assert.Empty(Open(host, id));
        Assert.Equal("end_turn", (string)host.TrueState(id)["stop_reason"]!);
        Assert.Equal(400, await SendAsync(client, id, Result(blocker)));
    }

    [Fact]
    public async Task Send_InterruptWhileRunning_RestOfTheStoryIsDiscarded()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 18, 14, 5, 0, TimeSpan.Zero));
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast() with { StoryPace = 1, Clock = clock });
        var id = host.StartSessions("long")[0];
        using var client = host.Client();
        while ((string)host.TrueState(id)["status"]! != "running")
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.Equal(200, await SendAsync(client, id, """{"type":"user.interrupt"}"""));
        Assert.Equal("end_turn", (string)host.TrueState(id)["stop_reason"]!);
    }

    [Fact]
    public async Task Send_InterruptOfOneChild_OtherBlockersStay()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("multi_agent")[0];
        await host.QuietAsync();
        using var client = host.Client();
        var (_, threads) = await client.CallAsync("GET", $"/v1/sessions/{id}/threads");
        var child = (string)threads["data"]![2]!["id"]!;
        Assert.Equal(400, await SendAsync(client, id, """{"type":"user.interrupt","session_thread_id":"sthr_none"}"""));
        Assert.Equal(200, await SendAsync(client, id, """{"type":"user.interrupt","session_thread_id":"CHILD"}""".Replace("CHILD", child, StringComparison.Ordinal)));
        await host.QuietAsync();
        Assert.Empty(Open(host, id));
        Assert.Equal("end_turn", (string)host.TrueState(id)["stop_reason"]!);
    }

    [Fact]
    public async Task Send_AnswerToChildThread_ChildEndsAndSessionFinishes()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("multi_agent")[0];
        await host.QuietAsync();
        using var client = host.Client();
        await SendAsync(client, id, Allow(Open(host, id)[0]));
        await host.QuietAsync();

        Assert.Equal("end_turn", (string)host.TrueState(id)["stop_reason"]!);
        var (_, threads) = await client.CallAsync("GET", $"/v1/sessions/{id}/threads");
        Assert.Equal(["idle", "terminated", "terminated"], threads.Items("data").Select(thread => (string)thread["status"]!));
    }

    [Fact]
    public async Task Send_ToolResultOfSelfHostedSession_SessionFinishes()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("self_hosted")[0];
        await host.QuietAsync();
        using var client = host.Client();
        var blocker = Open(host, id)[0];
        Assert.Equal(400, await SendAsync(client, id, Allow(blocker)));
        Assert.Equal(200, await SendAsync(client, id, """{"type":"user.tool_result","tool_use_id":"BLOCKER"}""".Replace("BLOCKER", blocker, StringComparison.Ordinal)));
        await host.QuietAsync();
        Assert.Equal("end_turn", (string)host.TrueState(id)["stop_reason"]!);
    }

    [Fact]
    public async Task Send_MessageToFinishedSession_AnotherTurnRuns()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("finishes")[0];
        await host.QuietAsync();
        using var client = host.Client();
        var (_, sent) = await client.CallAsync("POST", $"/v1/sessions/{id}/events", """{"events":[{"type":"user.message","content":[{"type":"text","text":"more"}]}]}""");
        await host.QuietAsync();

        Assert.Null(sent["data"]![0]!["processed_at"]);
        var (_, page) = await client.CallAsync("GET", $"/v1/sessions/{id}/events?types[]=session.status_idle&types[]=user.message");
        Assert.Equal(["user.message", "session.status_idle", "user.message", "session.status_idle"], page.Items("data").Select(item => (string)item["type"]!));
        Assert.All(page.Items("data"), item => Assert.NotNull(item["processed_at"]));
    }

    private static List<string> Open(SimulatorHost host, string id) => [.. host.TrueState(id)["open_blockers"]!.AsArray().Select(node => (string)node!)];

    private static string EventIds(SimulatorHost host, string id) =>
        host.ReadLedger().Items("sessions").Single(session => (string)session["session_id"]! == id)["event_ids"]!.ToJsonString();

    private static string Result(string blocker) => new JsonObject { ["type"] = "user.custom_tool_result", ["custom_tool_use_id"] = blocker }.ToJsonString();

    private static string Allow(string blocker) =>
        new JsonObject { ["type"] = "user.tool_confirmation", ["tool_use_id"] = blocker, ["result"] = "allow" }.ToJsonString();

    private static async Task<int> SendAsync(HttpClient client, string id, params string[] events) =>
        (await client.CallAsync("POST", $"/v1/sessions/{id}/events", "{\"events\":[" + string.Join(',', events) + "]}")).Status;
}
