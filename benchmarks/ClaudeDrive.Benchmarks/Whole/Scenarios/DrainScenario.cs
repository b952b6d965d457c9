using System.Diagnostics;
using System.Globalization;
using ClaudeDrive.Benchmarks.Whole.Processes;
using ClaudeDrive.Benchmarks.Whole.Stores;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>A backlog, as after a long outage of the workers: ten pending events of each session, worked off with an API that answers at once.</summary>
internal sealed class DrainScenario(SeededStores stores) : IScenario
{
    private const int EventsPerSession = 10;
    private const double Megabyte = 1024 * 1024;

    /// <summary>Longest drain. A million events over a hundred thousand sessions at 200 sessions a second.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(500);

    /// <inheritdoc/>
    public string Key => "drain";

    /// <inheritdoc/>
    public string Title => "A backlog is worked off";

    /// <inheritdoc/>
    public async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        foreach (var store in bench.Options.Stores)
        {
            var house = stores.House(store);
            var place = await house.NewAsync(cancellationToken);
            await stores.SeedAsync(store, place, bench.Options.Backlog, bench.Options.Backlog / EventsPerSession, ["--pending"], cancellationToken);
            await MeasureAsync(bench, store with { Place = place }, cancellationToken);
            await house.RemoveAsync(place, cancellationToken);
        }
    }

    private static async Task MeasureAsync(Bench bench, ProductSubject store, CancellationToken cancellationToken)
    {
        var (sessions, prefix) = (bench.Options.Backlog / EventsPerSession, $"drain/{store.Key}");
        await using var api = await ClaudeApiServer.StartAsync(bench.Workplace, 0, cancellationToken);
        await using var running = await (store with { Api = api.Address })
            .StartAsync(new SubjectSettings(bench.Workplace, SlowFsync: false), cancellationToken);
        var seconds = await DrainAsync(running, cancellationToken);
        var peak = running.Servers.Sum(ProcessTree.PeakBytes) / Megabyte;
        var fetches = (await api.ReadsAsync(cancellationToken)).Sessions / (double)sessions;
        bench.Measurements.Add($"{prefix}/peak_mb", peak);
        bench.Measurements.Add($"{prefix}/fetches_per_session", fetches);
        bench.Measurements.Add($"{prefix}/sessions_per_second", sessions / seconds);
        Bench.Say(string.Create(
            CultureInfo.InvariantCulture, $"  drain {store.Name}: {sessions / seconds:N0} sessions/s, peak {peak:F0} MB, {fetches:F3} fetches per session"));
    }

    private static async Task<double> DrainAsync(RunningSubject running, CancellationToken cancellationToken)
    {
        using var drive = new DriveApi(running.Port);
        var started = Stopwatch.GetTimestamp();
        while (await drive.PendingAsync(cancellationToken) > 0)
        {
            if (Stopwatch.GetElapsedTime(started) > Timeout)
            {
                throw new InvalidOperationException("The backlog was not worked off in time.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
