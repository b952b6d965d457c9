using System.Globalization;
using System.Text;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>Medians by size of the store as a Markdown table.</summary>
internal static class SizeTable
{
    public static string Write(string title, string prefix, Bench bench, IReadOnlyList<(string Heading, string Series, string Format)> columns)
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"### {title}").AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"| finished events | {string.Join(" | ", columns.Select(static column => column.Heading))} |")
            .AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(columns.Select(static _ => "---|"))}");
        foreach (var size in bench.Options.Sizes)
        {
            var cells = columns.Select(column =>
                bench.Measurements.Median($"{prefix}/{size}/{column.Series}")?.ToString(column.Format, CultureInfo.InvariantCulture) ?? "–");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {size:N0} | {string.Join(" | ", cells)} |");
        }

        return text.ToString();
    }
}
