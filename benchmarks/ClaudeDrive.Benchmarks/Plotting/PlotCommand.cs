using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace ClaudeDrive.Benchmarks.Plotting;

/// <summary><c>plot</c>: draws the growth curves of a run from its JSON file.</summary>
internal static class PlotCommand
{
    private static readonly (string Scenario, string Series, string Title)[] Charts =
    [
        ("growth", "rate", "Accepted deliveries per second, by finished events stored"),
        ("claim", "rate", "Resources claimed and completed per second, by finished events stored"),
        ("claim", "p50_ms", "Claim of 100 resources, median in ms, by finished events stored"),
    ];

    private static readonly (string Key, string Name, string Colour)[] Stores =
    [
        ("sqlite", "SQLite", "#1f6feb"), ("postgresql", "PostgreSQL", "#c4432b"),
    ];

    public static Command Create()
    {
        var results = new Argument<string>("results") { Description = "A file of benchmarks/results" };
        var output = new Option<string>("--output") { Description = "Where the drawing goes", DefaultValueFactory = static _ => "docs/performance-growth.svg" };
        var command = new Command("plot", "Draw the growth curves of a run.") { results, output };
        command.SetAction(async (parsed, token) => await RunAsync(parsed.GetRequiredValue(results), parsed.GetRequiredValue(output), token));
        return command;
    }

    private static async Task<int> RunAsync(string results, string output, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(results);
        using var run = await JsonDocument.ParseAsync(content, default, cancellationToken);
        var series = run.RootElement.GetProperty("series");
        var charts = Charts.Select(chart => new Chart(chart.Title, [.. Stores.Select(store => Read(series, chart.Scenario, chart.Series, store))])).ToList();
        if (charts.All(static chart => chart.Lines.All(static line => line.Points.Count == 0)))
        {
            await Console.Error.WriteLineAsync("The run has no growth curves: eng/bench --only growth,claim.");
            return 1;
        }

        await File.WriteAllTextAsync(output, Chart.Draw(charts), cancellationToken);
        return 0;
    }

    private static ChartLine Read(JsonElement series, string scenario, string name, (string Key, string Name, string Colour) store)
    {
        List<(double X, double Y)> points = [];
        foreach (var one in series.EnumerateObject())
        {
            var parts = one.Name.Split('/');
            if (parts.Length == 4 && parts[0] == scenario && parts[1] == store.Key && parts[3] == name && double.TryParse(parts[2], CultureInfo.InvariantCulture, out var size))
            {
                var values = one.Value.EnumerateArray().Select(static value => value.GetDouble()).Order().ToArray();
                points.Add((size, values[values.Length / 2]));
            }
        }

        return new ChartLine(store.Name, store.Colour, [.. points.OrderBy(static point => point.X)]);
    }
}
