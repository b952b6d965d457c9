using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Chaos.Running;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Chaos.Judging;

/// <summary>
/// A genuine delivery that a node answered was answered 200, or 503 while a disk was full: neither store nor spool can keep it then (invariant 8). And
/// Claude never had a reason to disable the endpoint.
/// </summary>
internal static class DeliveryBreaches
{
    private static readonly string[] Forged = ["stale_timestamp", "wrong_secret"];

    /// <summary>How long after a disk has room again a refusal may still be on its way: the patience of the sender.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(6);

    public static IEnumerable<string> Find(Evidence evidence)
    {
        var unexplained = evidence.Ledger.Items("events").SelectMany(static item => item.Items("attempts"))
            .Where(static attempt => IsRefusal(attempt))
            .Where(attempt => attempt.Number("status") != 503 || !evidence.FullDisks.Any(window => IsWithin(attempt, window)))
            .GroupBy(static attempt => attempt.Number("status"));
        foreach (var group in unexplained)
        {
            yield return FormattableString.Invariant($"{group.Count()} genuine deliveries were answered {group.Key} without a full disk, the first at {group.First().Text("at")}");
        }

        if (evidence.Ledger.Child("endpoint")?.Text("state") != "enabled")
        {
            yield return $"Claude disabled the endpoint: {evidence.Ledger.Child("endpoint")?.Text("disabled_reason")}";
        }
    }

    /// <summary>True for a genuine attempt that a node answered with anything but 2xx.</summary>
    public static bool IsRefusal(JsonElement attempt) =>
        attempt.Number("status") is not null and not (>= 200 and < 300) && !Forged.Contains(attempt.Text("fault"));

    private static bool IsWithin(JsonElement attempt, FaultWindow window)
    {
        var at = DateTimeOffset.Parse(attempt.Text("at") ?? "", CultureInfo.InvariantCulture);
        return at >= window.From - Slack && at <= window.To + Slack;
    }
}
