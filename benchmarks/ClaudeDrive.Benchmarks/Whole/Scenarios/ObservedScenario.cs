using System.Globalization;
using ClaudeDrive.Benchmarks.Whole.Loads;
using ClaudeDrive.Benchmarks.Whole.Reporting;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>What it costs to be watched: ingest with metrics alone, as always, and with metrics, logs and one trace in a hundred sent to a collector.</summary>
internal sealed class ObservedScenario : IScenario
{
    private const int Connections = 64;

    /// <inheritdoc/>
    public string Key => "observed";

    /// <inheritdoc/>
    public string Title => "Ingest with a collector, 64 connections";

    /// <inheritdoc/>
    public async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (var store in bench.Options.Stores)
            {
                bool[] order = round % 2 == 0 ? [false, true] : [true, false];
                foreach (var isWatched in order)
                {
                    await MeasureAsync(bench, store, isWatched, cancellationToken);
                }
            }
        }

        var cells = bench.Options.Stores.SelectMany(store => (LoadCell[])
        [
            LoadCell.Of(store, bench.NewLoad(Connections)), new($"{store.Key}-watched", $"{store.Name}, collector", store, bench.NewLoad(Connections)),
        ]);
        bench.Tables.Add(new LoadTable(Key, bench.Measurements).Write(Title, cells));
    }

    private async Task MeasureAsync(Bench bench, ProductSubject store, bool isWatched, CancellationToken cancellationToken)
    {
        await using var collector = await ClaudeApiServer.StartAsync(bench.Workplace, 0, cancellationToken);
        var subject = store with { Collector = isWatched ? collector.Address : null };
        await using var running = await subject.StartAsync(new SubjectSettings(bench.Workplace, SlowFsync: false), cancellationToken);
        var result = await bench.Loads.RunAsync(running, bench.NewLoad(Connections), $"{Key}/{store.Key}{(isWatched ? "-watched" : "")}", cancellationToken);
        if (isWatched && await collector.ExportsAsync(cancellationToken) == 0)
        {
            throw new InvalidOperationException("The collector got nothing: what was measured is not what the row says.");
        }

        Bench.Say(string.Create(CultureInfo.InvariantCulture, $"  observed {store.Name}{(isWatched ? ", collector" : "")}: {result.AcceptedPerSecond:N0}/s"));
    }
}
