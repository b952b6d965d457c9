using ClaudeDrive.Contexts;
using ClaudeDrive.Review;
using ClaudeDrive.Sqlite.Rows;

namespace ClaudeDrive.Sqlite.Writing;

/// <summary>What moves a review item. Every transition appends its step and keeps the counters.</summary>
internal static class ReviewWriting
{
    /// <summary>The actor of steps that nobody asked for.</summary>
    public const string Self = "claudedrive";

    /// <summary>The item; null when unknown. A claim that lapsed is written down as released, so that the steps form one chain.</summary>
    public static ReviewRow? Find(WriteScope scope, string reviewId)
    {
        if (ReviewRow.FindSeq(reviewId) is not { } seq)
        {
            return null;
        }

        ReviewRow? row;
        using (var find = scope.Database.Use("FindReview").Set("seq", seq))
        {
            row = find.Step() ? ReviewRow.Read(find) : null;
        }

        return row is null ? null : ExpireClaim(scope, row);
    }

    /// <summary>Writes a row without a transition.</summary>
    public static ReviewRow Put(WriteScope scope, ReviewRow row)
    {
        using var put = row.Bind(scope.Database.Use("PutReview"));
        put.Run();
        return row;
    }

    /// <summary>Moves an item; throws <see cref="InvalidOperationException"/> for a transition that is not one.</summary>
    public static ReviewRow Move(WriteScope scope, ReviewRow from, ReviewRow to, DateTimeOffset at, string actor, string? note)
    {
        var (before, after) = (from.Item, to.Item);
        if (!ReviewTransitions.IsLegal(before.State, after.State))
        {
            throw new InvalidOperationException($"Review {before.ReviewId} cannot go from {before.State} to {after.State}.");
        }

        scope.Count(Counters.Review(before.State), -1);
        AppendStep(scope, after, at, before.State, actor, note);
        return Put(scope, to with { Item = after with { ChangedAt = at } });
    }

    /// <summary>Opens items for blockers that have none, and closes those whose blocker is gone.</summary>
    public static void OpenAndClose(WriteScope scope, ContextChange change)
    {
        var head = change.Head;
        var waiting = head.Blockers.Select(blocker => blocker.BlockingEventId).ToHashSet(StringComparer.Ordinal);
        foreach (var row in ReadWaiting(scope, head.Resource.Id).Where(row => !waiting.Contains(row.Item.Blocker.BlockingEventId)))
        {
            var open = ExpireClaim(scope, row);
            var closed = open.Item with
            {
                State = head.Status is "deleted" or "gone" or "terminated" ? ReviewState.Cancelled : ReviewState.ClosedElsewhere,
                ClaimedBy = null,
                ClaimExpiresAt = null,
                AnswerEventId = change.Answered.GetValueOrDefault(row.Item.Blocker.BlockingEventId),
            };
            Move(scope, open, open with { Item = closed }, scope.Now, Self, null);
        }

        foreach (var blocker in head.Blockers)
        {
            Open(scope, blocker, head);
        }
    }

    private static ReviewRow ExpireClaim(WriteScope scope, ReviewRow row)
    {
        var now = row.At(scope.Now);
        return ReferenceEquals(now, row) ? row : Move(scope, row, now, now.Item.ChangedAt, Self, "claim expired");
    }

    private static List<ReviewRow> ReadWaiting(WriteScope scope, string sessionId)
    {
        using var rows = scope.Database.Use("WaitingReviews").Set("session_id", sessionId);
        return PageCut.ReadAll(rows, ReviewRow.Read);
    }

    private static void Open(WriteScope scope, Blocker blocker, ContextHead head)
    {
        long seq;
        using (var open = scope.Database.Use("OpenReview"))
        {
            open.Set("session_id", head.Resource.Id)
                .Set("blocking_event_id", blocker.BlockingEventId)
                .Set("kind", blocker.Kind)
                .Set("tool_name", blocker.ToolName)
                .Set("input", blocker.InputJson)
                .Set("input_hash", blocker.InputHash)
                .Set("thread_id", blocker.SessionThreadId)
                .Set("since", blocker.Since)
                .Set("now", scope.Now)
                .Set("revision", (long)head.Revision);
            if (!open.Step())
            {
                // It had its item: a blocking event never gets a second.
                return;
            }

            seq = open.Int64();
        }

        ReviewRow row;
        using (var find = scope.Database.Use("FindReview").Set("seq", seq))
        {
            find.Step();
            row = ReviewRow.Read(find);
        }

        AppendStep(scope, row.Item, scope.Now, null, Self, null);
    }

    private static void AppendStep(WriteScope scope, ReviewItem item, DateTimeOffset at, ReviewState? from, string actor, string? note)
    {
        using var step = scope.Database.Use("InsertStep");
        step.Set("review", item.Seq)
            .Set("session_id", item.SessionId)
            .Set("at", at)
            .Set("from_state", (long?)from)
            .Set("to_state", (long)item.State)
            .Set("actor", actor)
            .Set("note", note)
            .Run();
        scope.Count(Counters.Review(item.State), 1);
    }
}
