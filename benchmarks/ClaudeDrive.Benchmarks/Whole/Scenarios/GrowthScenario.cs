using System.Globalization;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>Ingest over stores that hold more and more finished events, in turns; and their size.</summary>
internal sealed class GrowthScenario(SeededStores stores) : IScenario
{
    /// <inheritdoc/>
    public string Key => "growth";

    /// <inheritdoc/>
    public string Title => "Ingest as history grows (SQLite)";

    /// <inheritdoc/>
    public async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var sizes = bench.Options.Sizes;
        foreach (var size in sizes)
        {
            bench.Measurements.Add($"growth/{size}/bytes_per_event", await stores.BytesAsync(size, cancellationToken) / (double)size);
        }

        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (var size in round % 2 == 0 ? sizes : sizes.Reverse())
            {
                await MeasureAsync(bench, size, cancellationToken);
            }
        }

        bench.Tables.Add(SizeTable.Write(
            Title, bench, [("accepted/s", "growth", "rate", "N0"), ("p99 ms", "growth", "p99_ms", "F2"), ("bytes per event", "growth", "bytes_per_event", "N0")]));
    }

    private async Task MeasureAsync(Bench bench, long size, CancellationToken cancellationToken)
    {
        var data = await stores.TakeAsync(size, cancellationToken);
        try
        {
            var subject = ProductSubject.Sqlite with { Data = data };
            await using var running = await subject.StartAsync(new SubjectSettings(bench.Workplace, SlowFsync: false), cancellationToken);
            var result = await bench.Loads.RunAsync(running, bench.NewLoad(64), $"growth/{size}", cancellationToken);
            Bench.Say(string.Create(CultureInfo.InvariantCulture, $"  growth {size:N0}: {result.AcceptedPerSecond:N0}/s"));
        }
        finally
        {
            stores.GiveBack(data);
        }
    }
}
