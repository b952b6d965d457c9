using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Benchmarks.Growth;
using ClaudeDrive.Benchmarks.Whole.Processes;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>Claiming and completing work in stores that hold more and more finished events, in turns, by the verb <c>claim</c>.</summary>
internal sealed class ClaimScenario(SeededStores stores) : IScenario
{
    private const int Resources = 20_000;
    private const int QuickResources = 4_000;

    /// <inheritdoc/>
    public string Key => "claim";

    /// <inheritdoc/>
    public string Title => "Claim and complete as history grows (SQLite)";

    /// <inheritdoc/>
    public async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var sizes = bench.Options.Sizes;
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (var size in round % 2 == 0 ? sizes : sizes.Reverse())
            {
                await MeasureAsync(bench, size, round, cancellationToken);
            }
        }

        bench.Tables.Add(SizeTable.Write(
            Title, bench, [("resources/s", "claim", "rate", "N0"), ("claim of 100: p50 ms", "claim", "p50_ms", "F2"), ("p99 ms", "claim", "p99_ms", "F2")]));
    }

    private async Task MeasureAsync(Bench bench, long size, int round, CancellationToken cancellationToken)
    {
        var data = await stores.TakeAsync(size, cancellationToken);
        try
        {
            var resources = bench.Options.Quick ? QuickResources : Resources;
            string[] arguments =
            [
                "claim", "--data", data, "--resources", resources.ToString(CultureInfo.InvariantCulture), "--run", round.ToString(CultureInfo.InvariantCulture),
            ];
            var output = await Ourselves.RunAsync(bench.Workplace, arguments, cancellationToken);
            var report = JsonSerializer.Deserialize(output, ClaimReportJson.Default.ClaimReport)!;
            bench.Measurements.Add($"claim/{size}/rate", report.ResourcesPerSecond);
            bench.Measurements.Add($"claim/{size}/p50_ms", report.P50Ms);
            bench.Measurements.Add($"claim/{size}/p99_ms", report.P99Ms);
            Bench.Say(string.Create(CultureInfo.InvariantCulture, $"  claim {size:N0}: {report.ResourcesPerSecond:N0}/s, p50 {report.P50Ms:F2} ms"));
        }
        finally
        {
            stores.GiveBack(data);
        }
    }
}
