using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Chaos.Judging;

/// <summary>Every event ends in a final state, and each dead letter on the way has a cause that a fault explains (invariants 2 and 4).</summary>
internal static class EventBreaches
{
    private static readonly string[] FinalStates = ["applied", "superseded", "covered", "discarded"];

    /// <summary>Codes of <c>last_error</c> that the faults of a run cause: what the API answered in a storm, and what a broken link looks like.</summary>
    private static readonly string[] Explained =
        ["http_408", "http_429", "http_500", "http_502", "http_503", "http_504", "http_529", "timeout", "connection", "bad_answer"];

    public static IEnumerable<string> Find(Evidence evidence)
    {
        foreach (var item in evidence.View.Events.Where(static item => item.Text("state") is not ("pending" or "dead") && !FinalStates.Contains(item.Text("state"))))
        {
            yield return $"event {item.Text("event_id")} is in the unknown state {item.Text("state")}";
        }

        foreach (var item in evidence.DeadLetters.Where(static item => !IsExplained(item)))
        {
            yield return $"no fault explains the dead letter {item.Text("event_id")}: {item.Text("last_error") ?? "no error"}";
        }
    }

    private static bool IsExplained(JsonElement dead) =>
        dead.Text("last_error") is { } error && Explained.Contains(error.Split(':')[0], StringComparer.Ordinal);
}
