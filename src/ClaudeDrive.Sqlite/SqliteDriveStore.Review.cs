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
        string reviewId, string actor, TimeSpan claimFor, bool takeover, string? note, CancellationToken cancellationToken) => ChangeReviewAsync(
        reviewId,
        (scope, row) =>
        {
            var held = row.Item.State == ReviewState.Claimed;
            if (held && row.Item.ClaimedBy != actor && !takeover)
            {
                return (row, ReviewRefusal.ClaimedByOther);
            }

            var extends = held && row.Item.ClaimedBy == actor;
            var claimed = row with
            {
                Item = row.Item with { State = ReviewState.Claimed, ClaimedBy = actor, ClaimExpiresAt = scope.Now + claimFor },
            };
            // The same person going on is no transition, unless there is something to note.
            return (extends && note is null
                ? ReviewWriting.Put(scope, claimed)
                : ReviewWriting.Move(scope, row, claimed, scope.Now, actor, note), null);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReviewResult> ReleaseReviewAsync(string reviewId, string actor, string? note, CancellationToken cancellationToken) =>
        ChangeReviewAsync(
            reviewId,
            (scope, row) =>
            {
                if (row.Item.State == ReviewState.Open)
                {
                    return (row, null);
                }

                if (row.Item.ClaimedBy != actor)
                {
                    return (row, ReviewRefusal.ClaimedByOther);
                }

                var open = row with { Item = row.Item with { State = ReviewState.Open, ClaimedBy = null, ClaimExpiresAt = null } };
                return (ReviewWriting.Move(scope, row, open, scope.Now, actor, note), null);
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReviewResult> AnswerReviewAsync(string reviewId, string actor, ReviewAnswer answer, CancellationToken cancellationToken) =>
        ChangeReviewAsync(
            reviewId,
            (scope, row) =>
            {
                if (row.Item.State == ReviewState.Claimed && row.Item.ClaimedBy != actor && string.IsNullOrWhiteSpace(answer.Note))
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
                    AnsweredBy = actor,
                    AnsweredAt = scope.Now,
                    AnswerJson = answer.Json,
                };
                var (revision, _) = FindHeadRevision(scope, ResourceKey.Session(item.SessionId));
                scope.SendsChanged = true;
                var answered = row with { Item = item, AnsweredRevision = revision, DueAt = scope.Now };
                return (ReviewWriting.Move(scope, row, answered, scope.Now, actor, answer.Note), null);
            },
            cancellationToken);

    private ValueTask<ReviewResult> ChangeReviewAsync(
        string reviewId, Func<WriteScope, ReviewRow, (ReviewRow Row, ReviewRefusal? Refusal)> change, CancellationToken cancellationToken) =>
        WriteAsync(
            scope =>
            {
                if (ReviewWriting.Find(scope, reviewId) is not { } row)
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
