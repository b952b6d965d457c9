using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClaudeDrive.Simulator;
using ClaudeDrive.Simulator.Delivery;
using Xunit;

namespace ClaudeDrive.Server.Tests.Simulator;

public sealed class DeliveryTests
{
    [Theory]
    [InlineData("whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=", "whe_01TESTVECTOR0000000000001", 1764000000, "v1,XPRSIDClViwvvr9B5x5xXmHDQj4QfCI+8yKPkRHE/9I=")]
    [InlineData("whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=", "whe_01TESTVECTOR0000000000001", 1764000037, "v1,XEyDwSMrBi+8kk7zfOVI4hQ4RBgcEEzef5smXKqcTz8=")]
    public void Sign_PublishedVector_SignatureIsEqual(string secret, string id, long timestamp, string expected)
    {
        const string Body = """{"type":"event","id":"whe_01TESTVECTOR0000000000001","created_at":"2025-11-24T15:59:58Z","data":{"type":"session.status_idled","id":"sesn_01TESTSESSION000000000001","organization_id":"org_01TEST","workspace_id":"wrkspc_01TEST"}}""";
        Assert.Equal(expected, WebhookSignature.Sign(secret, id, timestamp, Encoding.UTF8.GetBytes(Body)));
    }

    [Fact]
    public async Task Deliver_TargetFails_ThreeAttemptsWithSameIdAndFreshTimestamps()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        receiver.Status = _ => 500;
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast(receiver.Url) with { EnabledEvents = ["session.status_idled"] });
        host.StartSessions("finishes");
        await host.QuietAsync();

        var idled = Assert.Single(host.ReadLedger().Items("events"), item => item["suppressed"] is null);
        Assert.Equal([1, 2, 3], idled["attempts"]!.AsArray().Select(attempt => (int)attempt!["n"]!));
        Assert.True((bool)idled["dropped"]!);
        Assert.False((bool)idled["delivered"]!);
        Assert.Equal(3, receiver.Deliveries.Count);
        Assert.Single(receiver.Deliveries.Select(delivery => delivery.Header("webhook-id")).Distinct());
    }

    [Fact]
    public async Task Deliver_TargetRedirects_EndpointIsDisabledAfterOneAttempt()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        receiver.Status = _ => 302;
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast(receiver.Url) with { EnabledEvents = ["session.status_idled"] });
        host.StartSessions("finishes");
        await host.QuietAsync();

        Assert.Single(receiver.Deliveries);
        var endpoint = host.ReadLedger()["endpoint"]!;
        Assert.Equal("disabled", (string)endpoint["state"]!);
        Assert.Equal(EndpointState.RedirectReason, (string)endpoint["disabled_reason"]!);
    }

    [Fact]
    public async Task Enable_AfterDisabled_MissedEventsAreNotSentAgain()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast(receiver.Url));
        using var client = host.Client();
        await client.CallAsync("POST", "/_sim/endpoint", """{"state":"disabled"}""");
        host.StartSessions("finishes");
        await host.QuietAsync();
        var (_, endpoint) = await client.CallAsync("POST", "/_sim/endpoint", "{}");
        host.StartSessions("refuses");
        await host.QuietAsync();

        Assert.Equal("enabled", (string)endpoint["state"]!);
        Assert.Equal(2, receiver.Deliveries.Count);
        Assert.Equal(2, host.ReadLedger().Items("events").Count(item => (string?)item["suppressed"] == "disabled"));
    }

    [Fact]
    public void Record_FailuresForTheLimit_EndpointIsDisabled()
    {
        var endpoint = new EndpointState { Secret = "a", PreviousSecret = "b" };
        var start = DateTimeOffset.UnixEpoch;
        var limit = TimeSpan.FromHours(1);

        Assert.False(endpoint.Record(AttemptOutcome.Refused, start, limit));
        Assert.False(endpoint.Record(AttemptOutcome.TimedOut, start.AddMinutes(59), limit));
        Assert.True(endpoint.Record(AttemptOutcome.ConnectionFailed, start.AddMinutes(60), limit));
        Assert.Equal(EndpointState.SustainedReason, endpoint.DisabledReason);
    }

    [Fact]
    public void Record_SuccessBetweenFailures_TheDurationStartsAnew()
    {
        var endpoint = new EndpointState { Secret = "a", PreviousSecret = "b" };
        var limit = TimeSpan.FromHours(1);
        endpoint.Record(AttemptOutcome.Refused, DateTimeOffset.UnixEpoch, limit);
        endpoint.Record(AttemptOutcome.Delivered, DateTimeOffset.UnixEpoch.AddMinutes(59), limit);

        Assert.False(endpoint.Record(AttemptOutcome.Refused, DateTimeOffset.UnixEpoch.AddMinutes(61), limit));
        Assert.True(endpoint.Enabled);
    }

    [Theory]
    [InlineData(2, 0.0, 5)]
    [InlineData(2, 0.5, 7.5)]
    [InlineData(3, 0.0, 20)]
    [InlineData(3, 0.999, 39.98)]
    public void Before_DocumentedBounds_WaitLiesWithinThem(int attempt, double draw, double seconds)
    {
        var wait = RetrySchedule.Before(attempt, draw, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(120));
        Assert.Equal(seconds, wait.TotalSeconds, 2);
    }

    [Fact]
    public async Task Deliver_GuideShareOne_FlatBodiesWithGuideNames()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast(receiver.Url) with { GuideShare = 1, GuideBodyOnlyShare = 0.5 });
        foreach (var scenario in (string[])["finishes", "needs_answer", "gives_up"])
        {
            host.StartSessions(scenario, 3);
        }

        await host.QuietAsync();
        var types = receiver.Deliveries.Select(delivery => (string)delivery.Json["type"]!).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string>(StringComparer.Ordinal) { "session.status_completed", "tool.result_pending", "session.status_error" }, types);
        Assert.All(receiver.Deliveries, delivery => Assert.StartsWith("sesn_", (string)delivery.Json["session_id"]!, StringComparison.Ordinal));
        Assert.All(receiver.Deliveries, delivery => Assert.True(IsGuideSigned(host.Secret, delivery), delivery.Header("X-Webhook-Signature")));
        Assert.Contains(receiver.Deliveries, delivery => delivery.Header("X-Webhook-Id").Length == 0);
        Assert.Contains(receiver.Deliveries, delivery => delivery.Header("X-Webhook-Id").Length > 0);
    }

    private static bool IsGuideSigned(string secret, CapturedDelivery delivery)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var signature = delivery.Header("X-Webhook-Signature");
        var id = delivery.Header("X-Webhook-Id");
        if (id.Length > 0)
        {
            var content = id + "." + long.Parse(delivery.Header("X-Webhook-Timestamp"), CultureInfo.InvariantCulture) + "." + delivery.Text;
            return signature == "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(content)));
        }

        var mac = HMACSHA256.HashData(key, delivery.Body);
        var bare = signature.Replace("sha256=", "", StringComparison.Ordinal).Replace("v1,", "", StringComparison.Ordinal);
        return bare == Convert.ToBase64String(mac) || bare == Convert.ToHexStringLower(mac);
    }
}
