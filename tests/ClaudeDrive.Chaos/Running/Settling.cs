using System.Text.Json;
using ClaudeDrive.Chaos.Nodes;
using ClaudeDrive.Cli;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Demo;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Chaos.Running;

/// <summary>
/// Waits, once every fault is over, until nothing is left to do and both sides agree; retries dead letters once, as an operator would who saw that
/// the cause is gone. Gives up at the limit: what is left then is for the judges.
/// </summary>
internal sealed class Settling(ChaosWorld world, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait for the simulator in one round: its own work is bounded by its retry schedule.</summary>
    private static readonly TimeSpan QuietPatience = TimeSpan.FromSeconds(1);

    private readonly List<JsonElement> _deadLetters = [];
    private bool _hasRetried;

    /// <summary>The dead letters at the first rest, before they were retried.</summary>
    public IReadOnlyList<JsonElement> DeadLetters => _deadLetters;

    /// <summary>True when both sides agreed in time.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>How long it took.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>Waits. Returns the two sides as they were at the end.</summary>
    public async Task<(JsonElement Ledger, DemoView View)> RunAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var clients = world.Nodes.Select(world.ClientOf).ToArray();
        try
        {
            while (time.GetElapsedTime(started) < world.Options.SettleLimit)
            {
                await Task.Delay(Pause, time, cancellationToken);
                if (await TryAsync(clients, cancellationToken) is { } both)
                {
                    IsSettled = true;
                    return both;
                }

                Took = time.GetElapsedTime(started);
            }

            return (Ledger(), await DemoView.ReadAsync(clients[0], cancellationToken));
        }
        finally
        {
            Took = time.GetElapsedTime(started);
            foreach (var client in clients)
            {
                client.Dispose();
            }
        }
    }

    private async Task<(JsonElement Ledger, DemoView View)?> TryAsync(ApiClient[] clients, CancellationToken cancellationToken)
    {
        try
        {
            if (!await IsQuietAsync(cancellationToken))
            {
                return null;
            }

            var stats = await Task.WhenAll(clients.Select(client => client.GetAsync(ApiPath.Of("stats"), cancellationToken)));
            if (!stats.All(static answer => IsAtRest(answer.Root)))
            {
                return null;
            }

            if (!_hasRetried && stats[0].Root.Child("events")?.Number("dead") > 0)
            {
                await RetryAsync(clients[0], cancellationToken);
                return null;
            }

            var view = await DemoView.ReadAsync(clients[0], cancellationToken);
            var ledger = Ledger();
            return new DemoComparison(ledger, view).Run().Count == 0 ? (ledger, view) : null;
        }
        catch (CliException)
        {
            return null; // A node that is still coming up.
        }
    }

    private async Task<bool> IsQuietAsync(CancellationToken cancellationToken)
    {
        try
        {
            await world.Simulator.WaitForQuietAsync(cancellationToken).WaitAsync(QuietPatience, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Nothing pending, due, leased, spooled or waiting for a person or for Claude.</summary>
    public static bool IsAtRest(JsonElement stats) =>
        stats.Child("events")?.Number("pending") == 0
        && stats.Child("work")?.Number("due") == 0
        && stats.Child("work")?.Number("leased") == 0
        && stats.Child("spool")?.Number("records") == 0
        && stats.Child("reviews") is { } reviews
        && new[] { "open", "claimed", "answered", "sending", "verifying" }.All(state => reviews.Number(state) == 0);

    private async Task RetryAsync(ApiClient api, CancellationToken cancellationToken)
    {
        var dead = await ListPages.ReadAllAsync(api, ApiPath.Of("dead-letters"), [new("limit", "200")], cancellationToken);
        _deadLetters.AddRange(dead.Root.Items("data"));
        await api.PostAsync(ApiPath.Of("dead-letters", "retry"), "{}", cancellationToken);
        _hasRetried = true;
    }

    private JsonElement Ledger() => JsonSerializer.SerializeToElement(world.Simulator.ReadLedger());
}
