using ClaudeDrive.Simulator;
using ClaudeDrive.Simulator.Delivery;
using Xunit;

namespace ClaudeDrive.Server.Tests.Simulator;

public sealed class FaultTests
{
    [Theory]
    [InlineData("stale_timestamp")]
    [InlineData("wrong_secret")]
    public async Task Deliver_ForgedAttempt_IsExtraAndTheGenuineOneFollows(string fault)
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        await using var host = await SimulatorFixtures.StartAsync(With(fault, receiver));
        receiver.Status = delivery => Accepts(host, delivery) ? 200 : 400;
        host.StartSessions("finishes");
        await host.QuietAsync();

        var events = host.ReadLedger().Items("events").ToList();
        Assert.NotEmpty(events);
        Assert.All(events, item =>
        {
            Assert.True((bool)item["delivered"]!);
            Assert.Equal([(0, 400, fault), (1, 200, null)], item["attempts"]!.AsArray()
                .Select(attempt => ((int)attempt!["n"]!, (int)attempt["status"]!, (string?)attempt["fault"])));
        });
    }

    [Fact]
    public async Task Deliver_Duplicate_SameIdArrivesTwice()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        await using var host = await SimulatorFixtures.StartAsync(With("duplicate", receiver));
        host.StartSessions("finishes", 5);
        await host.QuietAsync();
        Assert.All(receiver.Deliveries.GroupBy(delivery => delivery.Id), group => Assert.Equal(2, group.Count()));
    }

    [Fact]
    public async Task Deliver_Drop_NothingArrivesAndThreeAttemptsCount()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        await using var host = await SimulatorFixtures.StartAsync(With("drop", receiver));
        host.StartSessions("finishes");
        await host.QuietAsync();
        Assert.Empty(receiver.Deliveries);
        Assert.All(host.ReadLedger().Items("events"), item =>
        {
            Assert.True((bool)item["dropped"]!);
            Assert.Equal(3, item["attempts"]!.AsArray().Count(attempt => (string)attempt!["outcome"]! == "dropped"));
        });
    }

    [Fact]
    public async Task Deliver_TwoSignatures_OneOfThemIsGenuine()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        await using var host = await SimulatorFixtures.StartAsync(With("two_signatures", receiver));
        host.StartSessions("finishes");
        await host.QuietAsync();
        Assert.All(receiver.Deliveries, delivery =>
        {
            Assert.Equal(2, delivery.Header("webhook-signature").Split(' ').Length);
            Assert.True(Accepts(host, delivery));
        });
    }

    [Fact]
    public async Task Deliver_UnknownType_IsAnExtraSignedEvent()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        await using var host = await SimulatorFixtures.StartAsync(With("unknown_type", receiver));
        host.StartSessions("finishes");
        await host.QuietAsync();
        var types = receiver.Deliveries.Select(delivery => (string)delivery.Json["data"]!["type"]!).ToList();
        Assert.Equal(2, types.Count(type => type == "session.status_pondered"));
        Assert.Equal(4, types.Count);
    }

    [Fact]
    public async Task Deliver_Reorder_SomeEventsOfASessionSwap()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        var options = SimulatorFixtures.Fast(receiver.Url) with { Faults = new Dictionary<string, FaultSetting> { ["reorder"] = new(0.5) }, ReorderHold = TimeSpan.FromMilliseconds(300) };
        await using var host = await SimulatorFixtures.StartAsync(options);
        host.StartSessions("long", 5);
        await host.QuietAsync();
        var emitted = host.ReadLedger().Items("events").Select(item => (string)item["event_id"]!);
        Assert.NotEqual(emitted, receiver.Deliveries.Select(delivery => delivery.Id));
        Assert.Equal(emitted.Order(StringComparer.Ordinal), receiver.Deliveries.Select(delivery => delivery.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Read_StatusLag_GetStillSaysRunningWhileEventsSayIdle()
    {
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast() with { Faults = new Dictionary<string, FaultSetting> { ["status_lag"] = new(0, 1) } });
        var id = host.StartSessions("finishes")[0];
        await host.QuietAsync();
        using var client = host.Client();
        Assert.Equal("running", (string)(await client.CallAsync("GET", "/v1/sessions/" + id)).Body["status"]!);
        var (_, page) = await client.CallAsync("GET", $"/v1/sessions/{id}/events?order=desc&limit=1");
        Assert.Equal("session.status_idle", (string)page["data"]![0]!["type"]!);
        Assert.Equal("idle", (string)host.TrueState(id)["status"]!);
    }

    [Theory]
    [InlineData("api_429", 429, "rate_limit_error")]
    [InlineData("api_500", 500, "api_error")]
    [InlineData("api_529", 529, "overloaded_error")]
    public async Task Read_ApiFault_NextRequestsFailThenRecover(string fault, int status, string type)
    {
        await using var host = await SimulatorFixtures.StartAsync();
        using var client = host.Client();
        Assert.Equal(200, (await client.CallAsync("POST", "/_sim/faults", "{\"" + fault + "\":{\"count\":2}}")).Status);
        for (var i = 0; i < 2; i++)
        {
            var (code, body) = await client.CallAsync("GET", "/v1/sessions");
            Assert.Equal((status, type), (code, (string)body["error"]!["type"]!));
        }

        Assert.Equal(200, (await client.CallAsync("GET", "/v1/sessions")).Status);
        Assert.Equal(2, (int)host.ReadLedger()["api"]!["faults"]![fault]!);
    }

    [Fact]
    public async Task Read_Api429_HalfCarryRetryAfter()
    {
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast() with { Faults = new Dictionary<string, FaultSetting> { ["api_429"] = new(1) } });
        using var client = host.Client();
        var with = 0;
        for (var i = 0; i < 40; i++)
        {
            using var response = await client.GetAsync("/v1/sessions", TestContext.Current.CancellationToken);
            with += response.Headers.RetryAfter is null ? 0 : 1;
        }

        Assert.InRange(with, 5, 35);
    }

    [Fact]
    public async Task Read_ApiTimeout_ConnectionIsAborted()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        using var client = host.Client();
        await client.CallAsync("POST", "/_sim/faults", """{"api_timeout":{"count":1}}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => client.CallAsync("GET", "/v1/sessions"));
        Assert.Equal(200, (await client.CallAsync("GET", "/v1/sessions")).Status);
    }

    [Fact]
    public async Task Send_DropResponseAfterCommit_EventIsStoredOnce()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("needs_answer")[0];
        await host.QuietAsync();
        using var client = host.Client();
        var blocker = (string)host.TrueState(id)["open_blockers"]![0]!;
        var answer = "{\"events\":[{\"type\":\"user.custom_tool_result\",\"custom_tool_use_id\":\"" + blocker + "\"}]}";
        await client.CallAsync("POST", "/_sim/faults", """{"drop_response_after_commit":{"count":1}}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.CallAsync("POST", $"/v1/sessions/{id}/events", answer));
        await host.QuietAsync();
        Assert.Equal(1, (int)host.ReadLedger().Items("user_events").Single()["count"]!);
        Assert.Equal(400, (await client.CallAsync("POST", $"/v1/sessions/{id}/events", answer)).Status);
        Assert.Equal("end_turn", (string)host.TrueState(id)["stop_reason"]!);
    }

    [Fact]
    public async Task Play_AllFaultsAtOnce_EveryEventEndsAndEverySessionRests()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        var faults = new[] { "duplicate", "reorder", "delay", "drop", "stale_timestamp", "wrong_secret", "two_signatures", "unknown_type", "status_lag" }
            .ToDictionary(name => name, _ => new FaultSetting(0.2), StringComparer.Ordinal);
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast(receiver.Url) with { Scenario = "mixed", Count = 15, Faults = faults });
        receiver.Status = delivery => Accepts(host, delivery) ? 200 : 400;
        await host.QuietAsync();

        var ledger = host.ReadLedger();
        Assert.All(ledger.Items("events"), item => Assert.NotEqual((bool)item["delivered"]!, (bool)item["dropped"]!));
        Assert.All(ledger.Items("sessions"), session => Assert.Contains((string)session["true_state"]!["status"]!, (string[])["idle", "terminated"]));
        var arrived = receiver.Deliveries.Where(delivery => Accepts(host, delivery)).Select(delivery => delivery.Id).ToHashSet(StringComparer.Ordinal);
        Assert.True(arrived.SetEquals(ledger.Items("events").Where(item => (bool)item["delivered"]!).Select(item => (string)item["event_id"]!)));
        var hits = ledger["api"]!["faults"]!.AsObject();
        Assert.Equal(faults.Keys.Order(StringComparer.Ordinal), hits.Select(pair => pair.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"no_such":{"rate":1}}""", "fault_unknown")]
    [InlineData("""{"drop":{"rate":2}}""", "fault_value")]
    [InlineData("""{"drop":{"count":-1}}""", "fault_value")]
    [InlineData("""{"drop":{"count":1.5}}""", "fault_value")]
    [InlineData("""{"drop":{"rate":"x"}}""", "fault_value")]
    [InlineData("""{"drop":1}""", "fault_value")]
    [InlineData("""[]""", "body_malformed")]
    public async Task Faults_BadValue_IsRefusedWithACode(string body, string code)
    {
        await using var host = await SimulatorFixtures.StartAsync();
        using var client = host.Client();
        var (status, problem) = await client.CallAsync("POST", "/_sim/faults", body);
        Assert.Equal((400, code), (status, (string)problem["code"]!));
    }

    private static SimulatorOptions With(string fault, CapturingReceiver receiver) =>
        SimulatorFixtures.Fast(receiver.Url) with { Faults = new Dictionary<string, FaultSetting> { [fault] = new(1) } };

    private static bool Accepts(SimulatorHost host, CapturedDelivery delivery)
    {
        var timestamp = long.Parse(delivery.Header("webhook-timestamp"), System.Globalization.CultureInfo.InvariantCulture);
        var age = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - timestamp;
        var expected = WebhookSignature.Sign(host.Secret, delivery.Header("webhook-id"), timestamp, delivery.Body);
        return Math.Abs(age) <= 300 && delivery.Header("webhook-signature").Split(' ').Contains(expected);
    }
}
