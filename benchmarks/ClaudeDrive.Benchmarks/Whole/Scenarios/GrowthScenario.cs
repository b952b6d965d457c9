using System.Globalization;
using ClaudeDrive.Benchmarks.Whole.Loads;
using ClaudeDrive.Benchmarks.Whole.Stores;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>Ingest and lists over stores that hold more and more finished events, in turns; and their size.</summary>
internal sealed class GrowthScenario(SeededStores stores) : IScenario
{
    /// <inheritdoc/>
    public string Key => "growth";

    /// <inheritdoc/>
    public string Title => "Ingest as history grows";

    /// <inheritdoc/>
    public async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        foreach (var store in bench.Options.Stores)
        {
            await RunAsync(bench, store, cancellationToken);
        }
    }

    private async Task RunAsync(Bench bench, ProductSubject store, CancellationToken cancellationToken)
    {
        var (sizes, prefix) = (bench.Options.Sizes, $"growth/{store.Key}");
        foreach (var size in sizes)
        {
            var place = await stores.GetAsync(store, size, cancellationToken);
            bench.Measurements.Add($"{prefix}/{size}/bytes_per_event", await stores.House(store).BytesAsync(place, cancellationToken) / (double)size);
        }

        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (var size in round % 2 == 0 ? sizes : sizes.Reverse())
            {
                await MeasureAsync(bench, store, size, cancellationToken);
            }
        }

        (string, string, string)[] columns = [("accepted/s", "rate", "N0"), ("p99 ms", "p99_ms", "F2"), ("bytes per event", "bytes_per_event", "N0")];
        bench.Tables.Add(SizeTable.Write($"{Title}: {store.Name}", prefix, bench, columns));
        var lists = ListMeasure.Lists.Select(static list => (list.Name, $"list_{list.Name}_ms", "F1")).ToList();
        bench.Tables.Add(SizeTable.Write($"First page of each list, median ms, as history grows: {store.Name}", prefix, bench, lists));
    }

    private async Task MeasureAsync(Bench bench, ProductSubject store, long size, CancellationToken cancellationToken)
    {
        var place = await stores.TakeAsync(store, size, cancellationToken);
        await using (var running = await (store with { Place = place })
            .StartAsync(new SubjectSettings(bench.Workplace, SlowFsync: false), cancellationToken))
        {
            // Before the load, whose pending events would be in the lists.
            await bench.Lists.RunAsync(running, $"growth/{store.Key}/{size}", cancellationToken);
            var result = await bench.Loads.RunAsync(running, bench.NewLoad(64), $"growth/{store.Key}/{size}", cancellationToken);
            Bench.Say(string.Create(CultureInfo.InvariantCulture, $"  growth {store.Name} {size:N0}: {result.AcceptedPerSecond:N0}/s"));
        }

        await stores.GiveBackAsync(store, place, cancellationToken);
    }
}
