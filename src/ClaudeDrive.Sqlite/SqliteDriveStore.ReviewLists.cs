using System.Globalization;
using ClaudeDrive.Inbox;
using ClaudeDrive.Review;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Sqlite.Rows;
using ClaudeDrive.Sqlite.Writing;

namespace ClaudeDrive.Sqlite;

/// <content>Reading review items and their steps.</content>
internal sealed partial class SqliteDriveStore
{
    /// <inheritdoc/>
    public ValueTask<ReviewItem?> FindReviewAsync(string reviewId, CancellationToken cancellationToken)
    {
        if (ReviewRow.FindSeq(reviewId) is not { } seq)
        {
            return new ValueTask<ReviewItem?>((ReviewItem?)null);
        }

        return ReadAsync(
            database =>
            {
                using var find = database.Use("FindReview").Set("seq", seq);
                return find.Step() ? ReviewRow.Read(find).At(time.GetUtcNow()).Item : null;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Page<ReviewItem>> ListReviewsAsync(ReviewFilter filter, PageRequest page, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            var now = time.GetUtcNow();
            var where = ReviewPredicate(filter, now);
            var total = where.IsEmpty ? ReadCounters(database, Counters.Reviews).Values.Sum() : Count(database, "CountReviews", where);
            using var rows = PageCut.Bind(database.Use("ListReviews", where), page);
            return PageCut.Read(rows, page, total, row =>
            {
                var item = ReviewRow.Read(row).At(now).Item;
                return (item, item.Seq);
            });
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ReviewStep>> ListStepsAsync(string? sessionId, string? reviewId, CancellationToken cancellationToken) => ReadAsync(
        IReadOnlyList<ReviewStep> (database) =>
        {
            using var rows = reviewId is not null
                ? database.Use("StepsOfReview").Set("review", ReviewRow.FindSeq(reviewId) ?? 0)
                : sessionId is not null
                    ? database.Use("StepsOfSession").Set("session_id", sessionId)
                    : database.Use("ReadSteps").Set("after", 0).Set("limit", long.MaxValue);
            var steps = PageCut.ReadAll(rows, ReviewRow.ReadStep);
            return sessionId is null ? steps : steps.FindAll(step => step.SessionId == sessionId);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ReviewStep>> ReadStepsAsync(long afterSeq, int max, CancellationToken cancellationToken) => ReadAsync(
        IReadOnlyList<ReviewStep> (database) =>
        {
            using var rows = database.Use("ReadSteps").Set("after", afterSeq).Set("limit", max);
            return PageCut.ReadAll(rows, ReviewRow.ReadStep);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<ReviewState, long>> CountReviewsAsync(CancellationToken cancellationToken) => ReadAsync(
        IReadOnlyDictionary<ReviewState, long> (database) =>
        {
            var counts = ReadCounters(database, Counters.Reviews)
                .ToDictionary(pair => (ReviewState)int.Parse(pair.Key, CultureInfo.InvariantCulture), pair => pair.Value);
            using var lapsed = database.Use("CountLapsedClaims").Set("now", time.GetUtcNow());
            var open = PageCut.ReadNumber(lapsed);
            if (open > 0)
            {
                counts[ReviewState.Open] = counts.GetValueOrDefault(ReviewState.Open) + open;
                counts[ReviewState.Claimed] -= open;
            }

            return counts.Where(pair => pair.Value != 0).ToDictionary();
        },
        cancellationToken);

    private static SqlPredicate ReviewPredicate(ReviewFilter filter, DateTimeOffset now)
    {
        var where = new SqlPredicate().And("session_id = @session_id", "session_id", filter.SessionId);
        if (filter.Assignee is { } assignee)
        {
            where.And("state = 1 AND claim_expires_at > @now_a", "now_a", now).And("claimed_by = @assignee", "assignee", assignee);
        }

        // A lapsed claim reads as open.
        return filter.State switch
        {
            null => where,
            ReviewState.Open => where.And("(state = 0 OR (state = 1 AND claim_expires_at <= @now))", "now", now),
            ReviewState.Claimed => where.And("state = 1 AND claim_expires_at > @now", "now", now),
            { } state => where.And(string.Create(CultureInfo.InvariantCulture, $"state = {(int)state}")),
        };
    }
}
