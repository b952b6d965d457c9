using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Chaos.Outages;

/// <summary>What must not happen while only the database is away, beyond what no run may show. Pure.</summary>
internal static class OutageBreaches
{
    /// <summary><paramref name="emitted"/> is the number of events that the load says it made: fewer in the ledger would mean that the run proves less than it says.</summary>
    public static IEnumerable<string> Find(JsonElement ledger, long emitted)
    {
        var events = ledger.Items("events");
        if (events.Count < emitted)
        {
            yield return FormattableString.Invariant($"{emitted} events were emitted, and the ledger knows {events.Count}");
        }

        foreach (var group in events.SelectMany(static item => item.Items("attempts"))
            .Where(static attempt => attempt.Number("status") is not (>= 200 and < 300))
            .GroupBy(static attempt => attempt.Text("status") ?? attempt.Text("outcome")))
        {
            yield return FormattableString.Invariant($"{group.Count()} attempts ended with {group.Key}, the first at {group.First().Text("at")}");
        }

        var lost = events.Count(static item => item.Child("delivered") is not { ValueKind: JsonValueKind.True });
        if (lost > 0)
        {
            yield return FormattableString.Invariant($"{lost} events never got a 200");
        }
    }
}
