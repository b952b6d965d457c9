using System.Text.Json;
using Xunit;

namespace ClaudeDrive.Server.Tests.Cli;

/// <summary><c>status</c> and the verbs that show one thing.</summary>
public sealed class StatusTests
{
    private const string Stats = """
        {"window_seconds":3600,"events":{"total":412,"pending":3,"applied":377,"dead":2},"deliveries":{"accepted":412,"duplicate":31},
        "work":{"due":2,"leased":1,"oldest_due_seconds":null},"api":{"reads":201,"reads_per_webhook":0.4878},"reviews":{"open":1}}
        """;

    private const string Nodes = """
        {"data":[{"node_id":"node_a","name":"host-1/7","state":"alive","roles":["ingest"],"version":"0.1.0","started_at":"2026-03-01T12:00:00Z",
        "last_heartbeat_at":"2026-03-01T12:00:00Z","leases":0,"sends":0,"duties":[],"is_this":true},
        {"node_id":"node_b","name":"host-2/7","state":"silent","roles":["worker"],"version":"0.1.0","started_at":"2026-03-01T12:00:00Z",
        "last_heartbeat_at":"2026-03-01T12:00:00Z","leases":3,"sends":1,"duties":["sweep"],"is_this":false}],"next_cursor":null,"total":2}
        """;

    [Fact]
    public async Task Status_Nodes_AreShownAndTheRoleThatNobodyAliveHasIsWarnedOf()
    {
        await using var server = await StartAsync(Stats);

        var result = await CliProbe.For(server).RunAsync("status");

        Assert.Matches(@"node_a \(this\) +alive +ingest", result.Output);
        Assert.Matches("node_b +silent +worker", result.Output);
        Assert.Contains("no living node has the role worker", result.Error, StringComparison.Ordinal);
        Assert.Contains("no living node has the role console", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("role ingest", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_Ready_ShowsTheNumbersThatMatter()
    {
        await using var server = await StartAsync(Stats);

        var result = await CliProbe.For(server).RunAsync("status");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("ready", result.Output, StringComparison.Ordinal);
        Assert.Matches("reads per webhook +0.49", result.Output);
        Assert.Matches("dead letters +2", result.Output);
        Assert.Matches("reviews open +1", result.Output);
        Assert.Contains("dana", result.Output, StringComparison.Ordinal);
        Assert.Contains("reviews list --state open", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_FieldsMissing_ShowsTheRest()
    {
        await using var server = await StartAsync("""{"api":{"reads_per_webhook":null},"events":7}""");

        var result = await CliProbe.For(server).RunAsync("status");

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("error", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_NotReady_ShowsWhichCheckAndFails()
    {
        await using var server = await StartAsync(Stats);
        server.On("GET /healthz/ready", """{"status":"unhealthy","checks":[{"name":"store","status":"unhealthy","description":"disk full"}]}""", 503);

        var result = await CliProbe.For(server).RunAsync("status");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("NOT READY", result.Output, StringComparison.Ordinal);
        Assert.Contains("disk full", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_Json_IsOneDocument()
    {
        await using var server = await StartAsync(Stats);

        var result = await CliProbe.For(server).RunAsync("status", "--json", "--window", "15m");

        using var document = JsonDocument.Parse(result.Output);
        Assert.Equal(412, document.RootElement.GetProperty("stats").GetProperty("events").GetProperty("total").GetInt32());
        Assert.Equal("dana", document.RootElement.GetProperty("me").GetProperty("name").GetString());
        Assert.Contains(server.Seen, seen => seen.Line == "GET /api/v1/stats?window=900");
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Diff_NoRevisionsNamed_ComparesTheLastTwo()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/sessions/s", """{"revision":5}""");
        server.On("GET /api/v1/sessions/s/diff?from=4&to=5", """[{"op":"replace","path":"/status","value":"idle"},{"op":"remove","path":"/x"}]""");

        var result = await CliProbe.For(server).RunAsync("sessions", "diff", "s");

        Assert.Equal("~ /status = \"idle\"\n- /x\n", result.Output);
        Assert.Contains("revision 4 to 5: 2 changes", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transcript_Texts_AreReadable()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/sessions/s/transcript", """
            {"data":[{"id":"e1","type":"user.message","content":[{"type":"text","text":"one\ntwo"}]},
            {"id":"e2","type":"agent.custom_tool_use","name":"refund","input":{"order":"4711"}}]}
            """);

        var result = await CliProbe.For(server).RunAsync("sessions", "transcript", "s");

        Assert.Contains("user.message", result.Output, StringComparison.Ordinal);
        Assert.Contains("  two", result.Output, StringComparison.Ordinal);
        Assert.Contains("\"order\": \"4711\"", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Colours_NoColorIsSet_AreOff()
    {
        await using var server = await StartAsync(Stats);
        var probe = new CliProbe { IsTerminal = true, Variables = { ["CLAUDEDRIVE_URL"] = server.Url } };

        var coloured = await probe.RunAsync("status");
        probe.Variables["NO_COLOR"] = "1";
        var plain = await probe.RunAsync("status");

        Assert.Contains('\u001b', coloured.Output);
        Assert.DoesNotContain('\u001b', plain.Everything);
    }

    private static async Task<FakeServer> StartAsync(string stats)
    {
        var server = await FakeServer.StartAsync();
        return server
            .On("GET /healthz/ready", """{"status":"Healthy","checks":{"store":{"status":"healthy"}}}""")
            .On("GET /api/v1/me", """{"name":"dana","role":"operator"}""")
            .On("GET /api/v1/nodes", Nodes)
            .On("GET /api/v1/stats", stats);
    }
}
