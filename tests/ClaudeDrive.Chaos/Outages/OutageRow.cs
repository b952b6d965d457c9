using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Chaos.Judging;
using ClaudeDrive.Chaos.Reporting;
using ClaudeDrive.Chaos.Running;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Chaos.Outages;

/// <summary>The figures of an outage.</summary>
internal static class OutageRow
{
    public static RunRow Of(OutageOptions options, Evidence evidence, FaultWindow outage, Settling settling, int breaches)
    {
        var attempts = evidence.Ledger.Items("events").SelectMany(static item => item.Items("attempts")).ToArray();
        var during = attempts.Where(attempt => attempt.Instant("at") is { } at && at >= outage.From && at <= outage.To).ToArray();
        var seconds = (outage.To - outage.From).TotalSeconds;
        return new RunRow(
        [
            ("nodes", Text(options.Nodes)),
            ("seed", Text(options.Seed)),
            ("database stopped for", Text($"{seconds:0.0} s")),
            ("deliveries", Text(attempts.Length)),
            ("while stopped", Text($"{during.Length} ({during.Length / seconds:0} a second)")),
            ("non-2xx", Text(attempts.Count(static attempt => attempt.Number("status") is not (>= 200 and < 300)))),
            ("spooled", Text(evidence.Nodes.Select(static node => node.Stats?.Child("deliveries")?.Number("spooled") ?? 0).DefaultIfEmpty().Max())),
            ("answered within (median, 99 %, longest)", Text($"{Latency(during, 0.5):0} ms, {Latency(during, 0.99):0} ms, {Latency(during, 1):0} ms")),
            ("settled in", settling.IsSettled ? Text($"{settling.Took.TotalSeconds:0.0} s") : "never"),
            ("breaches", Text(breaches)),
        ]);
    }

    private static double Latency(IEnumerable<JsonElement> attempts, double part)
    {
        var sorted = attempts.Select(static attempt => attempt.Child("latency_ms")?.GetDouble() ?? 0).Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
