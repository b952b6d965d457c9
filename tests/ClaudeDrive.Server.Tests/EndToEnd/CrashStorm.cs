using System.Collections.Concurrent;
using System.Text.Json;
using ClaudeDrive.Chaos.Nodes;
using ClaudeDrive.Cli;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Demo;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.SecretScan;
using ClaudeDrive.Simulator;
using Xunit;

namespace ClaudeDrive.Server.Tests.EndToEnd;

/// <summary>A simulator that storms a server which comes and goes, and somebody who answers reviews all along.</summary>
internal sealed class CrashStorm : IAsyncDisposable, IProgress<SimulatorEvent>
{
    private const string SigningSecret = "whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=";

    private readonly Random _random;
    private readonly SemaphoreSlim _accepted = new(0);
    private readonly SemaphoreSlim _news = new(0);
    private readonly ConcurrentQueue<string> _refused = new();
    private readonly ConcurrentDictionary<string, bool> _submitted = new(StringComparer.Ordinal);
    private readonly string _directory;
    private SimulatorHost _simulator = null!;

    private CrashStorm(int seed, string directory, ServerSetup setup)
    {
        _random = new Random(seed);
        _directory = directory;
        Setup = setup;
    }

    /// <summary>How the server is started each time.</summary>
    public ServerSetup Setup { get; private set; }

    /// <summary>What befalls each life once its storm has begun; nothing by default.</summary>
    public Func<ServerProcess, Random, CancellationToken, Task> Trouble { get; set; } = static (_, _, _) => Task.CompletedTask;

    /// <summary>Deliveries that a running server answered with anything but 2xx.</summary>
    public IReadOnlyCollection<string> Refused => _refused;

    /// <summary>Reviews whose answer the server acknowledged.</summary>
    public IReadOnlyCollection<string> Submitted => [.. _submitted.Keys];

    public static async Task<CrashStorm> StartAsync(int seed, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("claudedrive-crash-").FullName;
        var url = FormattableString.Invariant($"http://127.0.0.1:{Ports.Free()}");
        var storm = new CrashStorm(seed, directory, new ServerSetup(url, directory, "cd_crash_test_administrator_key", new Dictionary<string, string>()));
        storm._simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions
            {
                Urls = "http://127.0.0.1:0",
                Target = new Uri(url + "/webhooks/claude"),
                Secret = SigningSecret,
                Seed = seed,
                StoryPace = 0.05,
                RetryBaseDelay = TimeSpan.FromMilliseconds(300),
                RetryMaxDelay = TimeSpan.FromSeconds(1),
                Faults = new Dictionary<string, FaultSetting>(StringComparer.Ordinal)
                {
                    ["duplicate"] = new(Rate: 0.2),
                    ["drop_response_after_commit"] = new(Rate: 0.3),
                },
                Progress = storm,
            },
            cancellationToken);
        storm.Setup = storm.Setup with
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ANTHROPIC_API_KEY"] = "sk-crash-test",
                ["ANTHROPIC_BASE_URL"] = storm._simulator.BaseUrl.ToString(),
                ["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = SigningSecret,
                ["ClaudeDrive__AdminKey"] = storm.Setup.ApiKey,
                ["ClaudeDrive__Hydration__BaseDelay"] = "00:00:00.100",
                ["ClaudeDrive__Hydration__MaxDelay"] = "00:00:01",
                ["ClaudeDrive__Hydration__ReadsPerMinute"] = "60000",
                ["ClaudeDrive__Reconciliation__Interval"] = "00:00:02",
            },
        };
        return storm;
    }

    /// <inheritdoc />
    public void Report(SimulatorEvent value)
    {
        if (value is { Kind: "delivery_attempt", Status: 200 })
        {
            _accepted.Release();
            _news.Release();
        }
        else if (value is { Kind: "delivery_attempt", Status: not null })
        {
            _refused.Enqueue($"{value.Status} {value}");
        }
    }

    /// <summary>The same storm against another program, which is told <paramref name="arguments"/>.</summary>
    public void Use(string program, params string[] arguments) => Setup = Setup with { Program = program, Arguments = arguments };

    /// <summary>Sets a variable of the server's environment, from its next start on.</summary>
    public void Set(string name, string value) =>
        Setup = Setup with { Environment = new Dictionary<string, string>(Setup.Environment, StringComparer.Ordinal) { [name] = value } };

    /// <summary>Starts sessions of every scenario and a burst of events about each.</summary>
    public void Begin(IReadOnlyList<string> scenarios, int sessions, int burst)
    {
        foreach (var sessionId in scenarios.SelectMany(scenario => _simulator.StartSessions(scenario, sessions)))
        {
            _simulator.Burst(sessionId, burst);
        }
    }

    /// <summary>Waits until so many deliveries more were answered 200.</summary>
    public async Task AcceptedAsync(int count, CancellationToken cancellationToken)
    {
        for (; count > 0; count--)
        {
            await _accepted.WaitAsync(cancellationToken);
        }
    }

    /// <summary>One life: starts the server, storms it, answers what waits, and kills it after a random number of acknowledged deliveries.</summary>
    public async Task LiveAndDieAsync(IReadOnlyList<string> scenarios, CancellationToken cancellationToken)
    {
        using var server = await ServerProcess.StartAsync(Setup, cancellationToken);
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answering = AnswerAsync(life.Token);
        Begin(scenarios, 3, 10);
        while (await _accepted.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            // Deliveries of the life before do not count.
        }

        await Trouble(server, _random, cancellationToken);
        await AcceptedAsync(_random.Next(20, 160), cancellationToken);
        await server.KillAsync(cancellationToken);
        await life.CancelAsync();
        await answering;
    }

    /// <summary>Waits until both sides agree but for what is <paramref name="expected"/>, then returns them. Fails with the differences when they never do.</summary>
    public async Task<(JsonElement Ledger, DemoView View)> SettleAsync(
        ApiClient api, CancellationToken cancellationToken, Func<string, bool>? expected = null)
    {
        IReadOnlyList<string> differences = ["not compared"];
        try
        {
            using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            while (await poll.WaitForNextTickAsync(cancellationToken))
            {
                await AnswerOpenAsync(api, cancellationToken);
                await _simulator.WaitForQuietAsync(cancellationToken);
                var view = await DemoView.ReadAsync(api, cancellationToken);
                var ledger = JsonSerializer.SerializeToElement(_simulator.ReadLedger());
                differences = [.. new DemoComparison(ledger, view).Run().Where(difference => expected?.Invoke(difference) != true)];
                if (differences.Count == 0 && view.Reviews.All(static item => item.Text("state") is not ("open" or "claimed")))
                {
                    return (ledger, view);
                }
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail("never settled:\n" + string.Join('\n', differences.Take(20)));
        }

        throw new InvalidOperationException("the timer ended by itself");
    }

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        _accepted.Dispose();
        _news.Dispose();
        SuiteOutput.End(_directory);
    }

    private async Task AnswerAsync(CancellationToken life)
    {
        using var api = Setup.Client();
        while (!life.IsCancellationRequested)
        {
            try
            {
                await _news.WaitAsync(life);
                await AnswerOpenAsync(api, life);
            }
            catch (Exception ended) when (ended is OperationCanceledException or CliException)
            {
                // The server died under the request: whether the answer was taken, the next life shows.
            }
        }
    }

    private async Task AnswerOpenAsync(ApiClient api, CancellationToken cancellationToken)
    {
        foreach (var review in await OpenReviews.ListAsync(api, cancellationToken))
        {
            var id = review.Text("review_id") ?? "";
            if (await OpenReviews.AnswerAsync(api, id, DemoStory.Answer(review.Text("kind")), cancellationToken))
            {
                _submitted[id] = true;
            }
        }
    }
}
