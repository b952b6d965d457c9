using System.Net;
using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.SecretScan;
using ClaudeDrive.Server.Tests.Running;
using ClaudeDrive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClaudeDrive.Server.Tests.Receiver;

/// <summary>The receiver while the store is down (design §2, Ingest 4; invariant 8).</summary>
public sealed class SpoolTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("claudedrive-spool-").FullName;
    private readonly StoreFaults _faults = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => SuiteOutput.End(_directory);

    [Fact]
    public async Task Receive_StoreDown_AcceptedSpooledAndStoredOnceWhenItIsBack()
    {
        await using var server = await StartAsync();
        _faults.All(StoreFault.BeforeCommit);

        await Answers.OkAsync(await server.SendAsync(Vectors.V1.Request()), "accepted", Vectors.V1.Id);
        await Answers.OkAsync(await server.SendAsync(Vectors.V4.Request()), "accepted", Vectors.V1.Id);
        _faults.All(StoreFault.None);
        await DrainedAsync(server);

        var found = await server.Store.FindEventAsync(Sight.Everything, "default", Vectors.V1.Id, Token);
        Assert.Equal(Vectors.V1.Body, found!.Value.Body.ToArray());
        var list = await server.GetAsync("/api/v1/deliveries?outcome=spooled");
        Assert.Equal(2, list.GetProperty("total").GetInt32());
        Assert.All(list.GetProperty("data").EnumerateArray(), static row => Assert.Equal(Vectors.V1.Id, row.GetProperty("event_id").GetString()));
        var stats = await server.GetAsync("/api/v1/stats");
        Assert.Equal(2, stats.GetProperty("deliveries").GetProperty("spooled").GetInt32());
    }

    [Fact]
    public async Task Receive_StoreFailsInEveryWayUnderLoad_EveryAnswerIs200AndEveryEventIsStoredOnce()
    {
        const int Count = 600;
        await using var server = await StartAsync();
        var random = new Random(11);
        _faults.By((_, _) =>
        {
            lock (random)
            {
                return random.Next(4) switch { 0 => StoreFault.None, 1 => StoreFault.AfterCommit, _ => StoreFault.BeforeCommit };
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async sender =>
        {
            for (var i = sender; i < Count; i += 20)
            {
                var id = $"whe_{i}";
                using var answer = await server.SendAsync(Vectors.Signed(id, Vectors.Event(id, resource: $"sesn_{i % 7}")).Request());
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }));
        _faults.All(StoreFault.None);
        await DrainedAsync(server);

        var events = (await server.Store.ReadEventsAsync(Sight.Everything, 0, 10_000, Token)).Items;
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"whe_{i}").Order(StringComparer.Ordinal), events.Select(e => e.Envelope.EventId).Order(StringComparer.Ordinal));
        Assert.Equal(7, (await server.Store.ClaimAsync(100, TimeSpan.FromMinutes(1), Token)).Count);
    }

    [Fact]
    public async Task Receive_SpoolFull_UnavailableUntilTheStoreTakesSome()
    {
        await using var server = await StartAsync(maxBytes: 2_000);
        _faults.All(StoreFault.BeforeCommit);
        var kept = 0;
        HttpResponseMessage answer;
        while ((answer = await SendAsync(server, kept)).StatusCode == HttpStatusCode.OK)
        {
            answer.Dispose();
            kept++;
        }

        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter!.Delta);
        await Answers.ProblemAsync(answer, 503, "store_unavailable");
        Assert.InRange(kept, 2, 8);
        var ready = await ReadyAsync(server, "spool");
        Assert.Contains($"{kept} records", ready.GetProperty("detail").GetString(), StringComparison.Ordinal);

        _faults.All(StoreFault.None);
        await DrainedAsync(server);
        using var again = await SendAsync(server, kept);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(kept + 1, ((await server.Store.ReadEventsAsync(Sight.Everything, 0, 100, Token)).Items).Count);
    }

    [Fact]
    public async Task Start_StoreCannotBeOpened_ReceivesAndOpensItLater()
    {
        _faults.All(StoreFault.BeforeCommit);
        await using var server = await StartAsync(adminKey: null);

        await Answers.OkAsync(await server.SendAsync(Vectors.V1.Request()), "accepted", Vectors.V1.Id);
        Assert.Equal("store_not_open", (await ReadyAsync(server, "store")).GetProperty("code").GetString());
        Assert.Equal("ok", (await ReadyAsync(server, "spool")).GetProperty("status").GetString());
        await Answers.ProblemAsync(await server.Client.GetAsync("/api/v1/stats", Token), 503, "store_unavailable");
        Assert.Null(server.Log.Announced);

        _faults.All(StoreFault.None);
        await DrainedAsync(server);
        await UntilAsync(server, () => server.Log.Announced is not null);

        Assert.NotNull(await server.Store.FindEventAsync(Sight.Everything, "default", Vectors.V1.Id, Token));
        Assert.Equal("ok", (await ReadyAsync(server, "store")).GetProperty("status").GetString());

        // The waits above moved the clock, how often depends on the machine: the repeat is signed at the time it is now.
        var now = server.Time.GetUtcNow();
        using var secret = ClaudeDrive.Ingest.WebhookSecret.Parse(Vectors.SecretA);
        var repeat = Vectors.V1 with
        {
            Timestamp = now.ToUnixTimeSeconds(),
            Signature = ClaudeDrive.Ingest.WebhookSignature.Sign(Vectors.V1.Body, Vectors.V1.Id, now, secret),
        };
        await Answers.OkAsync(await server.SendAsync(repeat.Request()), "duplicate", Vectors.V1.Id);
        Assert.Single((await server.Store.ListEventsAsync(Sight.Everything, new(), new(5), Token)).Items);
    }

    [Fact]
    public async Task Start_StoreRefusesForGood_StartEndsWithItsWords()
    {
        var refused = await Assert.ThrowsAsync<DriveStoreException>(() => ServerUnderTest.StartAsync(wrap: s => FaultyStore.Wrap(s, new()
        {
            ["OpenAsync"] = _ => FaultyStore.Of(Task.FromException(new DriveStoreException("a newer program has used it") { IsPermanent = true })),
        })));

        Assert.Equal("a newer program has used it", refused.Message);
    }

    [Fact]
    public async Task Stats_SomethingWaits_SaysHowMuchAndSinceWhen()
    {
        await using var server = await StartAsync();
        var idle = (await server.GetAsync("/api/v1/stats")).GetProperty("spool");
        Assert.Equal((0, 0, System.Text.Json.JsonValueKind.Null), (idle.GetProperty("records").GetInt32(), idle.GetProperty("bytes").GetInt32(), idle.GetProperty("oldest_seconds").ValueKind));
        _faults.Only("StoreAsync", StoreFault.BeforeCommit);
        (await SendAsync(server, 1)).Dispose();
        server.Time.Advance(TimeSpan.FromSeconds(90));

        var spool = (await server.GetAsync("/api/v1/stats")).GetProperty("spool");

        Assert.Equal(1, spool.GetProperty("records").GetInt32());
        Assert.InRange(spool.GetProperty("bytes").GetInt32(), 300, 900);
        Assert.Equal(90, spool.GetProperty("oldest_seconds").GetDouble());
    }

    [Theory]
    [InlineData("5")]
    [InlineData("lots")]
    public void Build_SpoolBoundOutOfRange_IsReportedWithItsKey(string value)
    {
        var wrong = Assert.Throws<ServerSettingsException>(() => ServerHost.Build(new ServerOptions
        {
            Settings = new Dictionary<string, string?>
            {
                ["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = Vectors.SecretA,
                ["ANTHROPIC_API_KEY"] = "sk-test",
                ["ClaudeDrive:Ingest:SpoolMaxBytes"] = value,
            },
            DataDirectory = _directory,
        }));

        Assert.StartsWith("ClaudeDrive:Ingest:SpoolMaxBytes", Assert.Single(wrong.Problems), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> SendAsync(ServerUnderTest server, int number) =>
        server.SendAsync(Vectors.Signed($"whe_{number}", Vectors.Event($"whe_{number}")).Request());

    private static async Task<System.Text.Json.JsonElement> ReadyAsync(ServerUnderTest server, string name)
    {
        server.Time.Advance(TimeSpan.FromSeconds(1));
        using var answer = await server.Client.GetAsync("/healthz/ready", Token);
        var checks = (await Answers.ReadAsync(answer)).GetProperty("checks").EnumerateArray();
        return checks.Single(check => check.GetProperty("name").GetString() == name);
    }

    private static Task DrainedAsync(ServerUnderTest server) => UntilAsync(server, () => server.App.Services.GetRequiredService<DeliverySpool>().IsEmpty);

    // The waits between tries are by the server's clock, which stands still but for this.
    private static async Task UntilAsync(ServerUnderTest server, Func<bool> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(ServerUnderTest.Patience);
        while (!isSo())
        {
            server.Time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    private Task<ServerUnderTest> StartAsync(long maxBytes = 1 << 30, string? adminKey = ServerUnderTest.AdminKey) => ServerUnderTest.StartAsync(
        new() { ["ClaudeDrive:AdminKey"] = adminKey },
        wrap: store => FaultingStore.Wrap(store, _faults),
        services: services => services.AddSingleton(new SpoolSettings { Directory = Path.Combine(_directory, "spool"), MaxBytes = maxBytes }));
}
