using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Demo;

/// <summary>
/// Compares the truth (the simulator's ledger) with what ClaudeDrive shows through its API. Pure. Each difference is one sentence; none means that
/// both agree on every session, every event and every answer.
/// </summary>
internal sealed class DemoComparison(JsonElement ledger, DemoView view)
{
    private readonly List<string> _differences = [];

    /// <summary>Every difference.</summary>
    public IReadOnlyList<string> Run()
    {
        var contexts = view.Sessions.ToDictionary(static session => session.Text("session_id") ?? "", StringComparer.Ordinal);
        var untold = Untold(ledger).ToHashSet(StringComparer.Ordinal);
        foreach (var truth in ledger.Items("sessions"))
        {
            var id = truth.Text("session_id") ?? "";
            if (contexts.Remove(id, out var context))
            {
                CompareSession(id, truth, context);
            }
            else if (!untold.Contains(id))
            {
                _differences.Add($"session {id} has no context");
            }
        }

        _differences.AddRange(contexts.Keys.Select(static id => $"context {id} is of no session"));
        CompareEvents();
        CompareAnswers();
        return _differences;
    }

    /// <summary>
    /// Sessions that no receiver can know: deleted, so that no list of the API shows them, and not one of their deliveries was ever answered 200.
    /// </summary>
    public static IEnumerable<string> Untold(JsonElement ledger)
    {
        var told = ledger.Items("events").Where(IsDelivered).Select(static item => item.Text("session_id") ?? "").ToHashSet(StringComparer.Ordinal);
        return ledger.Items("sessions")
            .Where(static session => session.GetProperty("true_state").Child("deleted") is { ValueKind: JsonValueKind.True })
            .Select(static session => session.Text("session_id") ?? "")
            .Where(id => !told.Contains(id));
    }

    private void CompareSession(string id, JsonElement truth, JsonElement context)
    {
        var state = truth.GetProperty("true_state");
        if (state.TryGetProperty("deleted", out var deleted) && deleted.ValueKind is JsonValueKind.True)
        {
            Equal($"session {id}", "status", "deleted", context.Text("status") is "gone" ? "deleted" : context.Text("status"));
            return;
        }

        Equal($"session {id}", "status", state.Text("status"), context.Text("status"));
        if (state.Text("status") == "idle")
        {
            Equal($"session {id}", "stop reason", state.Text("stop_reason"), context.Text("stop_reason"));
        }

        Equal($"session {id}", "updated_at", state.Text("updated_at"), context.TryGetProperty("resource", out var resource) ? resource.Text("updated_at") : null);
        Equal(
            $"session {id}",
            "open blockers",
            Join(state.Items("open_blockers").Select(static blocker => blocker.GetString())),
            Join(context.Items("blockers").Where(IsTool).Select(static blocker => blocker.Text("blocking_event_id"))));
        Equal(
            $"session {id}",
            "transcript",
            string.Join(' ', truth.Items("event_ids").Select(static item => item.GetString())),
            string.Join(' ', view.Transcripts.GetValueOrDefault(id) ?? []));
    }

    // Blockers without a tool wait on the idle event itself, which is no blocking event of the ledger.
    private static bool IsTool(JsonElement blocker) => blocker.Text("kind") is "custom_tool" or "tool_permission" or "self_hosted_tool";

    private void CompareEvents()
    {
        var stored = view.Events.Where(static item => item.Text("source") == "webhook").ToLookup(static item => item.Text("event_id") ?? "", StringComparer.Ordinal);
        foreach (var emitted in ledger.Items("events").Where(IsDelivered))
        {
            var id = emitted.Text("event_id") ?? "";
            var count = stored[id].Count();
            if (count != 1)
            {
                _differences.Add(FormattableString.Invariant($"event {id} was answered 200 and is stored {count} times"));
            }
        }

        foreach (var open in view.Events.Where(static item => item.Text("state") is "pending" or "dead"))
        {
            _differences.Add($"event {open.Text("event_id")} is {open.Text("state")}: {open.Text("last_error") ?? "not looked at yet"}");
        }
    }

    private static bool IsDelivered(JsonElement emitted) =>
        emitted.TryGetProperty("delivered", out var delivered) && delivered.ValueKind is JsonValueKind.True;

    private void CompareAnswers()
    {
        var received = ledger.Items("user_events").ToArray();
        foreach (var answer in received.Where(static item => item.Text("answers") is not null && item.Number("count") != 1))
        {
            _differences.Add(FormattableString.Invariant($"Claude took {answer.Number("count")} answers for {answer.Text("answers")}"));
        }

        foreach (var review in view.Reviews)
        {
            var id = review.Text("review_id");
            if (review.Text("state") is "answered" or "sending" or "verifying")
            {
                _differences.Add($"the answer of {id} has not arrived yet: {review.Text("problem") ?? review.Text("state")}");
            }
            else if (review.Text("state") == "resumed" && review.Text("kind") != "budget"
                && received.Count(item => item.Text("event_id") == review.Text("answer_event_id")) != 1)
            {
                _differences.Add($"{id} says resumed by {review.Text("answer_event_id")}, which Claude did not get exactly once");
            }
        }
    }

    private void Equal(string whose, string what, string? truth, string? ours)
    {
        if (!string.Equals(truth, ours, StringComparison.Ordinal))
        {
            _differences.Add($"{whose}: {what} is {Short(truth)}, the context says {Short(ours)}");
        }
    }

    private static string Join(IEnumerable<string?> ids) => string.Join(' ', ids.Order(StringComparer.Ordinal));

    private static string Short(string? text) => text switch
    {
        null => "nothing",
        "" => "empty",
        { Length: > 80 } => FormattableString.Invariant($"{text.Split(' ').Length} ids ending {text[^40..]}"),
        _ => text,
    };
}
