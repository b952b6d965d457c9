using System.Globalization;
using ClaudeDrive.Benchmarks.Whole.Loads;
using ClaudeDrive.Benchmarks.Whole.Reporting;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>
/// Several subjects under the same load, in turns: each round measures all of them once, every other round backwards, each time with an empty store.
/// </summary>
internal sealed class LoadScenario(string key, string title, Func<Bench, IEnumerable<LoadCell>> cells) : IScenario
{
    /// <inheritdoc/>
    public string Key => key;

    /// <inheritdoc/>
    public string Title => title;

    /// <inheritdoc/>
    public async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var rows = cells(bench).ToArray();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (var cell in round % 2 == 0 ? rows : rows.Reverse())
            {
                await using var running = await cell.Subject.StartAsync(new SubjectSettings(bench.Workplace, cell.SlowFsync), cancellationToken);
                var result = await bench.Loads.RunAsync(running, cell.Load, $"{key}/{cell.Key}", cancellationToken);
                Bench.Say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {key} {round + 1}/{bench.Options.Rounds}  {cell.Name}: {result.AcceptedPerSecond:N0}/s, p50 {result.P50Ms:F2} ms, p99 {result.P99Ms:F2} ms"));
            }
        }

        bench.Tables.Add(new LoadTable(key, bench.Measurements).Write(title, rows));
    }
}
