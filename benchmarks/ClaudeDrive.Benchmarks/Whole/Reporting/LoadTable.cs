using System.Globalization;
using System.Text;
using ClaudeDrive.Benchmarks.Whole.Loads;

namespace ClaudeDrive.Benchmarks.Whole.Reporting;

/// <summary>Medians of one load scenario as a Markdown table.</summary>
internal sealed class LoadTable(string scenario, Measurements measured)
{
    private static readonly string[] Headings =
    [
        "", "accepted/s", "min–max", "÷A2", "÷C1", "p50 ms", "p99 ms", "p99.9 ms", "CPU µs: server + database", "cores", "load's cores (busy)",
        "others' cores", "MB", "alloc B", "not accepted", "spooled",
    ];

    public string Write(string title, IEnumerable<LoadCell> cells)
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"### {title}").AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", Headings)} |")
            .AppendLine(CultureInfo.InvariantCulture, $"|{string.Concat(Headings.Select(static _ => "---|"))}");
        foreach (var cell in cells)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {cell.Name} | {string.Join(" | ", Columns(cell.Key))} |");
        }

        return text.ToString();
    }

    /// <summary>The cells of a row after its name, as <see cref="Headings"/> has them.</summary>
    private IEnumerable<string> Columns(string key)
    {
        string Of(string name, string format) => Text(measured.Median($"{scenario}/{key}/{name}"), format);
        string Over(string peer) => Text(measured.Ratio($"{scenario}/{key}/rate", $"{scenario}/{peer}/rate"), "F2");

        var range = measured.Range($"{scenario}/{key}/rate");
        yield return Of("rate", "N0");
        yield return $"{Text(range?.Min, "N0")}–{Text(range?.Max, "N0")}";
        yield return Over("a2");
        yield return Over("c1");
        yield return Of("p50_ms", "F2");
        yield return Of("p99_ms", "F2");
        yield return Of("p999_ms", "F2");
        yield return $"{Of("server_cpu_us", "F1")} + {Of("database_cpu_us", "F1")}";
        yield return Of("cores", "F2");
        yield return $"{Of("generator_cores", "F2")} ({Of("generator_busy", "P0")})";
        yield return Of("other_cores", "F2");
        yield return $"{Of("memory_mb", "F0")} + {Of("database_memory_mb", "F0")}";
        yield return Of("allocated_bytes", "N0");
        yield return Of("refused", "F0");
        yield return Of("spooled", "F0");
    }

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}
