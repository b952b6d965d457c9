using System.Text;
using System.Text.Json.Nodes;
using ClaudeDrive.Simulator;
using Xunit;

namespace ClaudeDrive.Server.Tests.Simulator;

/// <summary>Shared beginnings of the simulator tests.</summary>
internal static class SimulatorFixtures
{
    /// <summary>Longest a test waits for anything.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A fast world on a free loopback port: stories without waiting, retries within milliseconds.</summary>
    public static SimulatorOptions Fast(Uri? target = null, int seed = 7) => new()
    {
        Urls = "http://127.0.0.1:0",
        Target = target,
        Seed = seed,
        StoryPace = 0,
        RetryBaseDelay = TimeSpan.FromMilliseconds(10),
        RetryMaxDelay = TimeSpan.FromMilliseconds(50),
        DeliveryTimeout = TimeSpan.FromSeconds(5),
        ReorderHold = TimeSpan.FromMilliseconds(30),
        DelayHold = TimeSpan.FromMilliseconds(30),
        StatusLag = TimeSpan.FromMinutes(10),
        ApiTimeoutHold = TimeSpan.FromMilliseconds(20),
        PingInterval = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>Starts a simulator with the test's token.</summary>
    public static Task<SimulatorHost> StartAsync(SimulatorOptions? options = null) =>
        SimulatorHost.StartAsync(options ?? Fast(), TestContext.Current.CancellationToken);

    /// <summary>A token that ends with the test or with patience.</summary>
    public static async Task QuietAsync(this SimulatorHost host)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, TestContext.Current.CancellationToken);
        await host.WaitForQuietAsync(linked.Token);
    }

    /// <summary>A bare client with key and managed-agents beta.</summary>
    public static HttpClient Client(this SimulatorHost host, string? beta = "managed-agents-2026-04-01")
    {
        var client = new HttpClient { BaseAddress = host.BaseUrl };
        client.DefaultRequestHeaders.Add("x-api-key", "test-key");
        if (beta is not null)
        {
            client.DefaultRequestHeaders.Add("anthropic-beta", beta);
        }

        return client;
    }

    /// <summary>Sends JSON and reads JSON back, whatever the status.</summary>
    public static async Task<(int Status, JsonObject Body)> CallAsync(this HttpClient client, string method, string path, string? body = null)
    {
        var token = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request, token);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(token))!.AsObject());
    }

    /// <summary>The sessions of the ledger.</summary>
    public static IEnumerable<JsonObject> Items(this JsonObject ledger, string name) => ledger[name]!.AsArray().Select(node => node!.AsObject());

    /// <summary>The true state of one session.</summary>
    public static JsonObject TrueState(this SimulatorHost host, string sessionId) =>
        host.ReadLedger().Items("sessions").Single(session => (string)session["session_id"]! == sessionId)["true_state"]!.AsObject();
}
