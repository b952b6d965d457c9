using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using ClaudeDrive.Sqlite.Rows;
using ClaudeDrive.Sqlite.Writing;

namespace ClaudeDrive.Sqlite;

/// <content>Claiming and answering review items.</content>
internal sealed partial class SqliteDriveStore
{
    /// <inheritdoc/>
    public ValueTask<ReviewResult> ClaimReviewAsync(
        Deed deed, string reviewId, TimeSpan claimFor, bool takeover, string? note, CancellationToken cancellationToken) => ChangeReviewAsync(
        deed,
        reviewId,
        (scope, row) =>
        {
            var held = row.Item.State == ReviewState.Claimed;
            if (held && row.Item.ClaimedBy != deed.Actor && !takeover)
            {
                return (row, ReviewRefusal.ClaimedByOther);
            }

            var extends = held && row.Item.ClaimedBy == deed.Actor;
            var claimed = row with
            {
                Item = row.Item with { State = ReviewState.Claimed, ClaimedBy = deed.Actor, ClaimExpiresAt = scope.Now + claimFor },
            };
            // The same person going on is no transition, unless there is something to note.
            return (extends && note is null
                ? ReviewWriting.Put(scope, claimed)
                : Decide(scope, deed, AuditActions.ReviewClaimed, row, claimed, note), null);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReviewResult> ReleaseReviewAsync(Deed deed, string reviewId, string? note, CancellationToken cancellationToken) =>
        ChangeReviewAsync(
            deed,
            reviewId,
            (scope, row) =>
            {
                if (row.Item.State == ReviewState.Open)
                {
                    return (row, null);
                }

                if (row.Item.ClaimedBy != deed.Actor)
                {
                    return (row, ReviewRefusal.ClaimedByOther);
                }

                var open = row with { Item = row.Item with { State = ReviewState.Open, ClaimedBy = null, ClaimExpiresAt = null } };
                return (Decide(scope, deed, AuditActions.ReviewReleased, row, open, note), null);
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReviewResult> AnswerReviewAsync(Deed deed, string reviewId, ReviewAnswer answer, CancellationToken cancellationToken) =>
        ChangeReviewAsync(
            deed,
            reviewId,
            (scope, row) =>
            {
                if (row.Item.State == ReviewState.Claimed && row.Item.ClaimedBy != deed.Actor && string.IsNullOrWhiteSpace(answer.Note))
                {
                    return (row, ReviewRefusal.ClaimedByOther);
                }

                if (answer.ExpectedInputHash is { } expected && expected != row.Item.Blocker.InputHash)
                {
                    return (row, ReviewRefusal.SessionMovedOn);
                }

                var item = row.Item with
                {
                    State = ReviewState.Answered,
                    ClaimedBy = null,
                    ClaimExpiresAt = null,
                    AnsweredBy = deed.Actor,
                    AnsweredAt = scope.Now,
                    AnswerJson = answer.Json,
                };
                var revision = FindHeadRevision(scope, ResourceKey.Session(item.SessionId)).Revision;
                scope.SendsChanged = true;
                var answered = row with { Item = item, AnsweredRevision = revision, DueAt = scope.Now };
                return (Decide(scope, deed, AuditActions.ReviewAnswered, row, answered, answer.Note), null);
            },
            cancellationToken);

    private static ReviewRow Decide(WriteScope scope, Deed deed, string action, ReviewRow from, ReviewRow to, string? note)
    {
        var moved = ReviewWriting.Move(scope, from, to, scope.Now, deed.Actor, note);
        AuditWriting.Append(scope, ReviewAudit.Of(deed, action, from.Item, moved.Item, note));
        return moved;
    }

    private ValueTask<ReviewResult> ChangeReviewAsync(
        Deed deed, string reviewId, Func<WriteScope, ReviewRow, (ReviewRow Row, ReviewRefusal? Refusal)> change, CancellationToken cancellationToken) =>
        WriteAsync(
            scope =>
            {
                if (ReviewWriting.Find(scope, reviewId) is not { } row
                    || !Sees(scope.Database, deed.Sight, ResourceKey.Session(row.Item.SessionId)))
                {
                    return new ReviewResult(null, ReviewRefusal.Unknown);
                }

                var (after, refusal) = row.Item.State switch
                {
                    ReviewState.Open or ReviewState.Claimed => change(scope, row),
                    ReviewState.Answered or ReviewState.Sending or ReviewState.Verifying or ReviewState.Resumed =>
                        (row, ReviewRefusal.AlreadyAnswered),
                    ReviewState.ClosedElsewhere or ReviewState.Cancelled or ReviewState.Expired => (row, ReviewRefusal.SessionMovedOn),
                    _ => throw new InvalidOperationException($"Review {reviewId} is in the unknown state {row.Item.State}."),
                };
                return new ReviewResult(after.Item, refusal);
            },
            cancellationToken);
}
