using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ClaudeDrive.Benchmarks.Whole.Reporting;

/// <summary>A run as files: every number as JSON, the tables as Markdown.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The tables for people.</summary>
    public static string Markdown(IEnumerable<KeyValuePair<string, string>> conditions, IEnumerable<Goal> goals, IEnumerable<string> tables)
    {
        var text = new StringBuilder().AppendLine("# System benchmark").AppendLine();
        foreach (var (name, value) in conditions)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {name}: {value}");
        }

        text.AppendLine().AppendLine("## Goals").AppendLine().AppendLine("Ratios count; absolute numbers are this machine's.").AppendLine();
        text.Append(GoalTable.Write(goals)).AppendLine();
        foreach (var table in tables)
        {
            text.AppendLine(table);
        }

        return text.ToString();
    }

    /// <summary>Writes both files; their path without the ending.</summary>
    public static async Task<string> SaveAsync(
        string directory, IReadOnlyList<KeyValuePair<string, string>> conditions, IReadOnlyList<Goal> goals, Bench bench, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        var commit = conditions.First(static item => item.Key == "commit").Value.Split(' ')[0];
        var path = Path.Combine(directory, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}-{commit}");
        var content = new
        {
            Conditions = conditions.ToDictionary(),
            Goals = goals.Select(static goal => new { goal.Figure, goal.Store, goal.Value, goal.Limit, goal.AtLeast, goal.Unit, goal.IsMet }),
            Series = bench.Measurements.Series,
        };
        await File.WriteAllTextAsync(path + ".json", JsonSerializer.Serialize(content, Json) + "\n", cancellationToken);
        await File.WriteAllTextAsync(path + ".md", Markdown(conditions, goals, bench.Tables), cancellationToken);
        return path;
    }
}
