using ClaudeDrive.Simulator;
using Xunit;

namespace ClaudeDrive.Server.Tests.Simulator;

public sealed class ControlTests
{
    [Fact]
    public async Task Sessions_Mixed_StartsOneOfEach()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        using var client = host.Client();
        var (status, body) = await client.CallAsync("POST", "/_sim/sessions", """{"scenario":"mixed","metadata":{"team":"a"}}""");
        await host.QuietAsync();
        Assert.Equal(200, status);
        Assert.Equal(11, body["sessions"]!.AsArray().Count);
        Assert.Contains(host.ReadLedger().Items("resources"), resource => (string)resource["type"]! == "external_key");
    }

    [Theory]
    [InlineData("""{"scenario":"nonsense"}""", "scenario_unknown")]
    [InlineData("""{"scenario":"finishes","count":0}""", "count_invalid")]
    [InlineData("""{"scenario":"finishes","metadata":{"a":1}}""", "metadata_invalid")]
    public async Task Sessions_BadRequest_IsRefusedWithACode(string body, string code)
    {
        await using var host = await SimulatorFixtures.StartAsync();
        using var client = host.Client();
        var (status, problem) = await client.CallAsync("POST", "/_sim/sessions", body);
        Assert.Equal((400, code), (status, (string)problem["code"]!));
    }

    [Fact]
    public async Task Burst_FiftyEvents_AreEmittedAndReadsAreCountedFromZero()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast(receiver.Url));
        var id = host.StartSessions("finishes")[0];
        await host.QuietAsync();
        using var client = host.Client();
        await client.CallAsync("GET", "/v1/sessions/" + id);
        await client.CallAsync("POST", "/_sim/reset-counters", "{}");
        var (_, burst) = await client.CallAsync("POST", "/_sim/burst", "{\"session_id\":\"" + id + "\",\"events\":50}");
        await client.CallAsync("GET", "/v1/sessions/" + id);
        await host.QuietAsync();

        Assert.Equal(50, burst["event_ids"]!.AsArray().Count);
        Assert.Equal(52, receiver.Deliveries.Count);
        Assert.Equal(1, (int)host.ReadLedger()["api"]!["reads"]!);
        Assert.Equal(1, (int)host.ReadLedger()["api"]!["by_route"]!["GET /v1/sessions/{id}"]!);
    }

    [Fact]
    public async Task Endpoint_Subscription_OnlyChosenTypesAreSent()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast(receiver.Url));
        using var client = host.Client();
        var (_, endpoint) = await client.CallAsync("POST", "/_sim/endpoint", """{"enabled_events":["session.status_idled"]}""");
        host.StartSessions("finishes");
        await host.QuietAsync();
        Assert.Single(receiver.Deliveries);
        Assert.DoesNotContain(host.Secret, endpoint.ToJsonString(), StringComparison.Ordinal);
        Assert.Single(host.ReadLedger().Items("events"), item => (string?)item["suppressed"] == "not_subscribed");
    }

    [Fact]
    public async Task Endpoint_Rotate_NewSecretSigns()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        using var client = host.Client();
        var before = host.Secret;
        var (_, endpoint) = await client.CallAsync("POST", "/_sim/endpoint", """{"rotate_secret":true}""");
        Assert.Equal(host.Secret, (string)endpoint["signing_secret"]!);
        Assert.NotEqual(before, host.Secret);
    }

    [Fact]
    public async Task Start_ScenarioFile_SessionsAsListed()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(
            file, """{"sessions":[{"scenario":"needs_answer","count":2,"title":"Ask","metadata":{"team":"a"}},{"scenario":"refuses"}]}""", TestContext.Current.CancellationToken);
        try
        {
            await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast() with { Scenario = file, Count = 2 });
            await host.QuietAsync();
            var scenarios = host.ReadLedger().Items("sessions").Select(session => (string)session["scenario"]!);
            Assert.Equal(["needs_answer", "needs_answer", "refuses", "needs_answer", "needs_answer", "refuses"], scenarios);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Start_UnknownScenario_ThrowsWithTheNames()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => SimulatorFixtures.StartAsync(SimulatorFixtures.Fast() with { Scenario = "nonsense" }));
        Assert.Contains("needs_answer", error.Message, StringComparison.Ordinal);
    }
}
