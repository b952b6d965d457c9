using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Chaos.Judging;

/// <summary>
/// Every acknowledged answer reached Claude once or is visibly refused, and Claude has no answer that an item does not own up to (invariant 5). That a
/// resumed item's answer is at Claude exactly once, the comparison of the demo says already.
/// </summary>
internal static class AnswerBreaches
{
    public static IEnumerable<string> Find(Evidence evidence)
    {
        var reviews = evidence.View.Reviews.ToLookup(static item => item.Text("review_id") ?? "", StringComparer.Ordinal);
        var acknowledged = evidence.Answers.Where(static answer => answer.Acknowledged > 0);
        return acknowledged.Select(answer => Lost(answer.ReviewId, [.. reviews[answer.ReviewId]])).OfType<string>()
            .Concat(TwiceAccepted(evidence))
            .Concat(Disowned(evidence))
            .Concat(Messages(evidence));
    }

    private static string? Lost(string id, JsonElement[] found) => found switch
    {
        [] => $"the answer to {id} was acknowledged and the item is gone",
        [var item] when item.Text("state") is "resumed" or "answered" or "sending" or "verifying" => null, // The last three: named by the comparison.
        [var item] when item.Text("send_state") == "refused" && item.Text("problem") is not null => null,
        [var item] => $"the answer to {id} was acknowledged, and it is {item.Text("state")} without a word about it",
        _ => $"{id} exists {found.Length} times",
    };

    // Two people were both told that their answer counts. Fine only when the item came back in between.
    private static IEnumerable<string> TwiceAccepted(Evidence evidence) =>
        from answer in evidence.Answers
        where answer.Acknowledged > 1
        let steps = evidence.AnswerSteps.GetValueOrDefault(answer.ReviewId)
        where answer.Acknowledged > steps
        select FormattableString.Invariant($"{answer.Acknowledged} answers to {answer.ReviewId} were acknowledged, and it was answered {steps} times");

    private static IEnumerable<string> Disowned(Evidence evidence)
    {
        var resumed = evidence.View.Reviews.Where(static item => item.Text("state") == "resumed").Select(static item => item.Text("blocking_event_id"))
            .ToHashSet(StringComparer.Ordinal);
        return from answer in evidence.Ledger.Items("user_events")
               let blocker = answer.Text("answers")
               where blocker is not null && !resumed.Contains(blocker)
               select $"Claude has our answer {answer.Text("event_id")} for {blocker}, and no item says that it was sent";
    }

    // A message answers no blocking event: only its item names it. One that no item names was sent twice, or by nobody.
    private static IEnumerable<string> Messages(Evidence evidence)
    {
        var named = evidence.View.Reviews.Where(static item => item.Text("state") == "resumed").Select(static item => item.Text("answer_event_id"))
            .ToHashSet(StringComparer.Ordinal);
        return from message in evidence.Ledger.Items("user_events")
               where message.Text("type") == "user.message" && !named.Contains(message.Text("event_id"))
               select $"Claude has the message {message.Text("event_id")} in {message.Text("session_id")}, and no item says that it was sent";
    }
}
