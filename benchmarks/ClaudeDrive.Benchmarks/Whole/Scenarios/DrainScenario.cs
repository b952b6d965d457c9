using System.Diagnostics;
using System.Globalization;
using ClaudeDrive.Benchmarks.Whole.Processes;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>A backlog, as after a long outage of the workers: ten pending events for each of many sessions, worked off with an API that answers at once.</summary>
internal sealed class DrainScenario : IScenario
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
        var (events, sessions) = (bench.Options.Backlog, bench.Options.Backlog / EventsPerSession);
        var data = bench.Workplace.NewDirectory("backlog");
        Bench.Say($"  storing {events:N0} pending events over {sessions:N0} sessions");
        string[] arguments =
        [
            "seed", "--pending", "--data", data, "--events", events.ToString(CultureInfo.InvariantCulture),
            "--sessions", sessions.ToString(CultureInfo.InvariantCulture),
        ];
        try
        {
            await Ourselves.RunAsync(bench.Workplace, arguments, cancellationToken);
            await using var api = await ClaudeApiServer.StartAsync(bench.Workplace, 0, cancellationToken);
            var subject = ProductSubject.Sqlite with { Data = data, Api = api.Address };
            await using var running = await subject.StartAsync(new SubjectSettings(bench.Workplace, SlowFsync: false), cancellationToken);
            var seconds = await DrainAsync(running, cancellationToken);
            var peak = running.Servers.Sum(ProcessTree.PeakBytes) / Megabyte;
            var fetches = (await api.ReadsAsync(cancellationToken)).Sessions / (double)sessions;
            bench.Measurements.Add("drain/sqlite/peak_mb", peak);
            bench.Measurements.Add("drain/sqlite/fetches_per_session", fetches);
            bench.Measurements.Add("drain/sqlite/sessions_per_second", sessions / seconds);
            Bench.Say(string.Create(
                CultureInfo.InvariantCulture, $"  drain: {sessions / seconds:N0} sessions/s, peak {peak:F0} MB, {fetches:F3} fetches per session"));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
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
