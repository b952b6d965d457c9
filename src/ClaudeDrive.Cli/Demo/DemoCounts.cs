using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Demo;

/// <summary>Counts the story from both sides. Pure.</summary>
internal static class DemoCounts
{
    /// <summary>The summary of a story that ended with these differences.</summary>
    public static DemoSummary Summarise(JsonElement ledger, DemoView view, IReadOnlyList<string> differences)
    {
        var events = ledger.Items("events").Where(static item => Successes(item).Any()).ToArray();
        return new DemoSummary
        {
            Sessions = ledger.Items("sessions").Count,
            Delivered = events.Length,
            Duplicates = events.Sum(static item => Successes(item).Count() - 1),
            OutOfOrder = OutOfOrder(events),
            Hydrated = (int)(Part(view.Stats, "contexts").Number("revisions") ?? 0),
            ReadsPerWebhook = Fraction(Part(view.Stats, "api"), "reads_per_webhook"),
            Reviewed = view.Reviews.Count(static review => review.Text("answered_by") is not null),
            Resumed = view.Reviews.Count(static review => review.Text("state") == "resumed"),
            Differences = differences,
        };
    }

    // First successes in the order they were answered: an event is out of order when one that happened later came before it.
    private static int OutOfOrder(IEnumerable<JsonElement> events)
    {
        Dictionary<string, DateTimeOffset> newest = new(StringComparer.Ordinal);
        var count = 0;
        foreach (var item in events.OrderBy(static item => Successes(item).Min(Arrival)))
        {
            var resource = item.Text("session_id") ?? item.Text("resource_id") ?? "";
            var happened = Instant(item.Text("created_at"));
            if (newest.TryGetValue(resource, out var known) && happened < known)
            {
                count++;
            }
            else
            {
                newest[resource] = happened;
            }
        }

        return count;
    }

    private static IEnumerable<JsonElement> Successes(JsonElement item) =>
        item.Items("attempts").Where(static attempt => attempt.Number("status") is >= 200 and < 300);

    private static DateTimeOffset Arrival(JsonElement attempt) =>
        Instant(attempt.Text("at")).AddMilliseconds(Fraction(attempt, "latency_ms") ?? 0);

    private static DateTimeOffset Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : DateTimeOffset.MinValue;

    private static JsonElement Part(JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var part) ? part : default;

    private static double? Fraction(JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number
            ? value.GetDouble()
            : null;
}
