using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Rows;
using ClaudeDrive.Review;

namespace ClaudeDrive.PostgreSql;

/// <content>
/// Claiming and answering review items. A change is decided here on the row as it was read, and made only if the row is still that version; else it
/// is decided again.
/// </content>
internal sealed partial class PostgreSqlDriveStore
{
    private const string Self = "claudedrive";

    /// <inheritdoc/>
    public ValueTask<ReviewResult> ClaimReviewAsync(
        Deed deed, string reviewId, TimeSpan claimFor, bool takeover, string? note, CancellationToken cancellationToken) => ChangeReviewAsync(
        deed,
        AuditActions.ReviewClaimed,
        reviewId,
        row =>
        {
            var held = row.Item.State == ReviewState.Claimed;
            if (held && row.Item.ClaimedBy != deed.Actor && !takeover)
            {
                return ReviewMove.Refuse(ReviewRefusal.ClaimedByOther);
            }

            var claimed = row.Item with { State = ReviewState.Claimed, ClaimedBy = deed.Actor, ClaimExpiresAt = row.ReadAt + claimFor };
            // The same person going on is no transition, unless there is something to note.
            return held && row.Item.ClaimedBy == deed.Actor && note is null ? ReviewMove.Keep(claimed) : ReviewMove.Step(claimed, deed.Actor, note);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReviewResult> ReleaseReviewAsync(Deed deed, string reviewId, string? note, CancellationToken cancellationToken) => ChangeReviewAsync(
        deed,
        AuditActions.ReviewReleased,
        reviewId,
        row => row.Item.State == ReviewState.Open
            ? ReviewMove.Nothing
            : row.Item.ClaimedBy != deed.Actor
                ? ReviewMove.Refuse(ReviewRefusal.ClaimedByOther)
                : ReviewMove.Step(row.Item with { State = ReviewState.Open, ClaimedBy = null, ClaimExpiresAt = null }, deed.Actor, note),
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ReviewResult> AnswerReviewAsync(Deed deed, string reviewId, ReviewAnswer answer, CancellationToken cancellationToken)
    {
        var result = await ChangeReviewAsync(
            deed,
            AuditActions.ReviewAnswered,
            reviewId,
            row =>
            {
                if (row.Item.State == ReviewState.Claimed && row.Item.ClaimedBy != deed.Actor && string.IsNullOrWhiteSpace(answer.Note))
                {
                    return ReviewMove.Refuse(ReviewRefusal.ClaimedByOther);
                }

                if (answer.ExpectedInputHash is { } expected && expected != row.Item.Blocker.InputHash)
                {
                    return ReviewMove.Refuse(ReviewRefusal.SessionMovedOn);
                }

                var item = row.Item with
                {
                    State = ReviewState.Answered,
                    ClaimedBy = null,
                    ClaimExpiresAt = null,
                    AnsweredBy = deed.Actor,
                    AnsweredAt = row.ReadAt,
                    AnswerJson = answer.Json,
                };
                return ReviewMove.Step(item, deed.Actor, answer.Note) with { DueAt = row.ReadAt, Answers = true };
            },
            cancellationToken).ConfigureAwait(false);
        _sendSignal.Raise();
        return result;
    }

    private async ValueTask<ReviewResult> ChangeReviewAsync(
        Deed deed, string action, string reviewId, Func<ReviewRow, ReviewMove> decide, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindRowAsync(deed.Sight, reviewId, cancellationToken).ConfigureAwait(false) is not { } stored)
            {
                return new ReviewResult(null, ReviewRefusal.Unknown);
            }

            var row = stored.AsSeen();
            var move = row.Item.State switch
            {
                ReviewState.Open or ReviewState.Claimed => decide(row),
                ReviewState.Answered or ReviewState.Sending or ReviewState.Verifying or ReviewState.Resumed =>
                    ReviewMove.Refuse(ReviewRefusal.AlreadyAnswered),
                ReviewState.ClosedElsewhere or ReviewState.Cancelled or ReviewState.Expired => ReviewMove.Refuse(ReviewRefusal.SessionMovedOn),
                _ => throw new InvalidOperationException($"Review {reviewId} is in the unknown state {row.Item.State}."),
            };
            if (await MoveAsync(stored, row, move.Actor is null ? move : move with { By = (deed, action) }, cancellationToken).ConfigureAwait(false) is { } item)
            {
                return new ReviewResult(item, move.Refusal);
            }
        }
    }

    private async ValueTask<ReviewRow?> FindRowAsync(Sight sight, string reviewId, CancellationToken cancellationToken) => ReviewRow.FindSeq(reviewId) is { } seq
        ? await FirstAsync(
            CallKind.Read,
            use => (sight.IsEverything ? use("FindReview") : Use("FindReviewSeen", Seen(sight, SeenReview))).Set("seq", (long?)seq).Set("now", Now),
            ReviewRow.Read,
            cancellationToken).ConfigureAwait(false)
        : null;

    /// <summary>Makes a decided change; the item as it is then, or null when the row has moved since it was read.</summary>
    private async ValueTask<ReviewItem?> MoveAsync(ReviewRow stored, ReviewRow seen, ReviewMove move, CancellationToken cancellationToken)
    {
        var after = move.After ?? seen.Item;
        List<ReviewStep> steps = [];
        if (stored.HasLapsed)
        {
            // Written down, so that the steps of an item form one chain.
            steps.Add(StepOf(seen.Item, ReviewState.Claimed, seen.Item.ChangedAt, Self, "claim expired"));
        }

        if (move.Actor is { } actor)
        {
            if (!ReviewTransitions.IsLegal(seen.Item.State, after.State))
            {
                throw new InvalidOperationException($"Review {after.ReviewId} cannot go from {seen.Item.State} to {after.State}.");
            }

            after = after with { ChangedAt = seen.ReadAt };
            steps.Add(StepOf(after, seen.Item.State, seen.ReadAt, actor, move.Note));
        }

        if (steps.Count == 0 && move.After is null)
        {
            return after;
        }

        var audit = move.By is var (deed, action) ? ReviewAudit.Of(deed, action, seen.Item, after, move.Note) : null;
        var moved = await FirstAsync(
            CallKind.Once,
            use => audit is null
                ? BindMove(use("MoveReview"), stored, after, move, steps)
                : BindAudit(BindMove(use("DecideReview"), stored, after, move, steps), audit),
            static row => row.Truth(),
            cancellationToken).ConfigureAwait(false);
        return moved ? after : null;
    }

    private Statement BindMove(Statement statement, ReviewRow stored, ReviewItem after, ReviewMove move, List<ReviewStep> steps) => statement
        .Set("now", Now)
        .Set("seq", (long?)after.Seq)
        .Set("version", (int?)stored.Version)
        .Set("state", (int?)after.State)
        .Set("claimed_by", after.ClaimedBy)
        .Set("claim_expires_at", after.ClaimExpiresAt)
        .Set("answered_by", after.AnsweredBy)
        .Set("answered_at", after.AnsweredAt)
        .Set("answered_revision", after.State == ReviewState.Open ? null : stored.AnsweredRevision)
        .Set("answer", after.AnswerJson)
        .Set("send_attempts", (int?)after.SendAttempts)
        .Set("problem", after.Problem)
        .Set("answer_event_id", after.AnswerEventId)
        .Set("changed_at", (DateTimeOffset?)after.ChangedAt)
        .Set("due_at", move.DueAt)
        .Set("answers", move.Answers)
        .Set("looks", move.Looks)
        .Set("s_at", steps.Select(static step => (long?)step.At.UtcTicks))
        .Set("s_from", steps.Select(static step => (int?)step.From))
        .Set("s_to", steps.Select(static step => (int?)step.To))
        .Set("s_actor", steps.Select(static step => (string?)step.Actor))
        .Set("s_note", steps.Select(static step => step.Note));

    private static ReviewStep StepOf(ReviewItem after, ReviewState from, DateTimeOffset at, string actor, string? note) =>
        new(0, after.ReviewId, after.SessionId, at, from, after.State, actor, note);

    /// <summary>What was decided about an item.</summary>
    private sealed record ReviewMove
    {
        /// <summary>Nothing is to be done, and that is fine.</summary>
        public static ReviewMove Nothing { get; } = new();

        public ReviewItem? After { get; init; }

        public string? Actor { get; init; }

        public string? Note { get; init; }

        /// <summary>Whose decision it is, and its name for the audit log; null for what nobody decided.</summary>
        public (Deed Deed, string Action)? By { get; init; }

        public ReviewRefusal? Refusal { get; init; }

        public DateTimeOffset? DueAt { get; init; }

        public bool Answers { get; init; }

        public bool Looks { get; init; }

        /// <summary>Written without a transition.</summary>
        public static ReviewMove Keep(ReviewItem after) => new() { After = after };

        /// <summary>A transition.</summary>
        public static ReviewMove Step(ReviewItem after, string actor, string? note) => new() { After = after, Actor = actor, Note = note };

        /// <summary>Not allowed.</summary>
        public static ReviewMove Refuse(ReviewRefusal refusal) => new() { Refusal = refusal };
    }
}
