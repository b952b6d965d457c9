using System.Diagnostics;
using System.Globalization;
using ClaudeDrive.Benchmarks.Whole.Loads;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>
/// From an accepted event to the context that shows it: 500 events a second over 1,000 sessions, each read of the API answered after 5 ms. The time is
/// what the product's own API tells: from the arrival of the event to the record of the revision that closed it. Reads are counted at the API.
/// </summary>
internal sealed class ApplyScenario : IScenario
{
    private const int EventsPerSecond = 500;
    private const int Sessions = 1000;
    private const int BurstEvents = 50;
    private const double ApiMilliseconds = 5;

    /// <summary>Longest wait for the last look.</summary>
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public string Key => "apply";

    /// <inheritdoc/>
    public string Title => "From event to context";

    /// <inheritdoc/>
    public async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (var store in bench.Options.Stores)
            {
                await MeasureAsync(bench, store, 1, cancellationToken);
                await MeasureAsync(bench, store, BurstEvents, cancellationToken);
            }
        }
    }

    private static async Task MeasureAsync(Bench bench, ProductSubject store, int burst, CancellationToken cancellationToken)
    {
        await using var api = await ClaudeApiServer.StartAsync(bench.Workplace, ApiMilliseconds, cancellationToken);
        var subject = store with { Api = api.Address };
        await using var running = await subject.StartAsync(new SubjectSettings(bench.Workplace, SlowFsync: false), cancellationToken);
        var prefix = burst == 1 ? $"apply/{store.Key}" : $"apply-bursts/{store.Key}";
        var load = bench.NewLoad(64, EventsPerSecond) with { Sessions = Sessions, Burst = burst };
        var sent = await bench.Loads.RunAsync(running, load, prefix, cancellationToken);
        using var drive = new DriveApi(running.Port);
        await SettleAsync(drive, cancellationToken);

        var reads = (await api.ReadsAsync(cancellationToken)).All / (double)sent.AcceptedInAll;
        bench.Measurements.Add($"{prefix}/reads_per_webhook", reads);
        if (burst > 1)
        {
            Bench.Say(string.Create(CultureInfo.InvariantCulture, $"  apply {store.Name}, bursts of {burst}: {reads:F3} reads per webhook"));
            return;
        }

        var latencies = await LatenciesAsync(drive, load.WarmUp, cancellationToken);
        var (p50, p99) = (latencies[latencies.Count / 2], latencies[(int)(latencies.Count * 0.99)]);
        bench.Measurements.Add($"{prefix}/context_p50_ms", p50);
        bench.Measurements.Add($"{prefix}/context_p99_ms", p99);
        Bench.Say(string.Create(
            CultureInfo.InvariantCulture, $"  apply {store.Name}: event to context p50 {p50:F1} ms, p99 {p99:F1} ms, {reads:F2} reads per webhook"));
    }

    private static async Task SettleAsync(DriveApi drive, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (await drive.PendingAsync(cancellationToken) > 0)
        {
            if (Stopwatch.GetElapsedTime(started) > SettleTimeout)
            {
                throw new InvalidOperationException("Events are still pending a minute after the last one.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    /// <summary>Milliseconds from each event's arrival to the record of its revision, sorted; events of the warm-up left out.</summary>
    private static async Task<List<double>> LatenciesAsync(DriveApi drive, double warmUp, CancellationToken cancellationToken)
    {
        Dictionary<string, List<(DateTimeOffset ReceivedAt, int Revision)>> events = [];
        await foreach (var row in drive.ListAsync("events", cancellationToken))
        {
            var session = row.GetProperty("session_id").GetString()!;
            if (!events.TryGetValue(session, out var list))
            {
                events[session] = list = [];
            }

            list.Add((row.GetProperty("received_at").GetDateTimeOffset(), row.GetProperty("applied_revision").GetInt32()));
        }

        var from = events.Values.SelectMany(static list => list).Min(static item => item.ReceivedAt).AddSeconds(warmUp);
        List<double> latencies = [];
        foreach (var (session, list) in events)
        {
            Dictionary<int, DateTimeOffset> recorded = [];
            await foreach (var row in drive.ListAsync($"sessions/{session}/revisions", cancellationToken))
            {
                recorded[row.GetProperty("revision").GetInt32()] = row.GetProperty("recorded_at").GetDateTimeOffset();
            }

            latencies.AddRange(list.Where(item => item.ReceivedAt >= from).Select(item => (recorded[item.Revision] - item.ReceivedAt).TotalMilliseconds));
        }

        latencies.Sort();
        return latencies.Count > 0 && latencies[0] >= 0
            ? latencies
            : throw new InvalidOperationException("An event was closed by a revision older than itself: its look brought nothing new, and no time can be told.");
    }
}
