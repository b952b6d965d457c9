using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Benchmarks.Growth;
using ClaudeDrive.Benchmarks.Whole.Processes;
using ClaudeDrive.Benchmarks.Whole.Stores;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>
/// Claiming and completing work in stores that hold more and more finished events, in turns, by the verb <c>claim</c>. In the smallest store also what
/// the life of an event, from its storing to its end, leaves behind to be cleaned up.
/// </summary>
internal sealed class ClaimScenario(SeededStores stores) : IScenario
{
    private const int Resources = 20_000;
    private const int QuickResources = 4_000;

    /// <inheritdoc/>
    public string Key => "claim";

    /// <inheritdoc/>
    public string Title => "Claim and complete as history grows";

    /// <inheritdoc/>
    public async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        foreach (var store in bench.Options.Stores)
        {
            var sizes = bench.Options.Sizes;
            for (var round = 0; round < bench.Options.Rounds; round++)
            {
                foreach (var size in round % 2 == 0 ? sizes : sizes.Reverse())
                {
                    await MeasureAsync(bench, store, size, round, cancellationToken);
                }
            }

            (string, string, string)[] columns = [("resources/s", "rate", "N0"), ("claim of 100: p50 ms", "p50_ms", "F2"), ("p99 ms", "p99_ms", "F2")];
            bench.Tables.Add(SizeTable.Write($"{Title}: {store.Name}", $"claim/{store.Key}", bench, columns));
        }
    }

    private async Task MeasureAsync(Bench bench, ProductSubject store, long size, int round, CancellationToken cancellationToken)
    {
        var (house, place) = (stores.House(store), await stores.TakeAsync(store, size, cancellationToken));
        var isSmallest = size == bench.Options.Sizes[0];
        var before = isSmallest ? await house.DeadBytesAsync(place, cancellationToken) : null;
        string[] arguments =
        [
            "claim", .. place.Arguments, "--run", round.ToString(CultureInfo.InvariantCulture),
            "--resources", (bench.Options.Quick ? QuickResources : Resources).ToString(CultureInfo.InvariantCulture),
        ];
        var output = await Ourselves.RunAsync(bench.Workplace, arguments, cancellationToken);
        var report = JsonSerializer.Deserialize(output, ClaimReportJson.Default.ClaimReport)!;
        var prefix = $"claim/{store.Key}";
        bench.Measurements.Add($"{prefix}/{size}/rate", report.ResourcesPerSecond);
        bench.Measurements.Add($"{prefix}/{size}/p50_ms", report.P50Ms);
        bench.Measurements.Add($"{prefix}/{size}/p99_ms", report.P99Ms);
        if (before is not null && await house.DeadBytesAsync(place, cancellationToken) is { } after)
        {
            bench.Measurements.Add($"{prefix}/dead_bytes_per_event", (after - before.Value) / (double)report.Resources);
        }

        await stores.GiveBackAsync(store, place, cancellationToken);
        Bench.Say(string.Create(
            CultureInfo.InvariantCulture, $"  claim {store.Name} {size:N0}: {report.ResourcesPerSecond:N0}/s, p50 {report.P50Ms:F2} ms"));
    }
}
