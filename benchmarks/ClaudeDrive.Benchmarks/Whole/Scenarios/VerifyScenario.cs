using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Benchmarks.Micro;
using ClaudeDrive.Benchmarks.Whole.Processes;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>Verifying one signature against the bare hash of the same bytes, from the report of <see cref="SignatureBenchmarks"/>.</summary>
internal sealed class VerifyScenario : IScenario
{
    /// <inheritdoc/>
    public string Key => "verify";

    /// <inheritdoc/>
    public string Title => "Verify one signature";

    /// <inheritdoc/>
    public async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var directory = bench.Workplace.NewDirectory("verify");
        try
        {
            string[] arguments = ["bench", "--quick", "--filter", $"*{nameof(SignatureBenchmarks)}*", "--output", directory];
            await Ourselves.RunAsync(bench.Workplace, arguments, cancellationToken);
            var file = Directory.EnumerateFiles(directory, "*-report-brief.json", SearchOption.AllDirectories).Single();
            await using var content = File.OpenRead(file);
            using var report = await JsonDocument.ParseAsync(content, default, cancellationToken);
            foreach (var row in report.RootElement.GetProperty("Benchmarks").EnumerateArray())
            {
                if (row.GetProperty("Parameters").GetString()!.EndsWith($"={SignatureBenchmarks.Small}", StringComparison.Ordinal))
                {
                    var series = $"verify/{row.GetProperty("Method").GetString()!.ToLowerInvariant()}";
                    bench.Measurements.Add($"{series}_ns", row.GetProperty("Statistics").GetProperty("Median").GetDouble());
                    bench.Measurements.Add($"{series}_bytes", row.GetProperty("Memory").GetProperty("BytesAllocatedPerOperation").GetDouble());
                }
            }

            Bench.Say(string.Create(
                CultureInfo.InvariantCulture, $"  verify {bench.Measurements.Median("verify/verify_ns"):F0} ns, bare {bench.Measurements.Median("verify/bare_ns"):F0} ns"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
