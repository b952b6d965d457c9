using System.Globalization;
using ClaudeDrive.Access;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Sqlite.Filters;
using ClaudeDrive.Sqlite.Rows;
using ClaudeDrive.Sqlite.Writing;

namespace ClaudeDrive.Sqlite;

/// <content>Reading review items and their steps.</content>
internal sealed partial class SqliteDriveStore
{
    /// <inheritdoc/>
    public ValueTask<ReviewItem?> FindReviewAsync(Sight sight, string reviewId, CancellationToken cancellationToken)
    {
        if (ReviewRow.FindSeq(reviewId) is not { } seq)
        {
            return new ValueTask<ReviewItem?>((ReviewItem?)null);
        }

        return ReadAsync(
            database =>
            {
                using var find = database.Use("FindReview").Set("seq", seq);
                var item = find.Step() ? ReviewRow.Read(find).At(time.GetUtcNow()).Item : null;
                return item is not null && Sees(database, sight, ResourceKey.Session(item.SessionId)) ? item : null;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Page<ReviewItem>> ListReviewsAsync(
        Sight sight, ReviewFilter filter, PageRequest page, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            var now = time.GetUtcNow();
            var where = ReviewPredicate(filter, now).And(sight, SeenReview);
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
    public ValueTask<IReadOnlyDictionary<BlockerKey, string>> FindReviewIdsAsync(
        Sight sight, IReadOnlyCollection<BlockerKey> blockers, CancellationToken cancellationToken) => ReadAsync(
        IReadOnlyDictionary<BlockerKey, string> (database) =>
        {
            var ids = new Dictionary<BlockerKey, string>(blockers.Count);
            var asked = RowJson.Write(blockers.Select(static blocker => new[] { blocker.SessionId, blocker.BlockingEventId }));
            using var rows = database.Use("ReviewIds", new SqlPredicate().And(sight, SeenReview)).Set("blockers", asked);
            while (rows.Step())
            {
                ids[new BlockerKey(rows.Text(), rows.Text())] = ReviewRow.FormatId(rows.Int64());
            }

            return ids;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ReviewStep>> ListStepsAsync(
        Sight sight, string? sessionId, string? reviewId, CancellationToken cancellationToken) => ReadAsync(
        IReadOnlyList<ReviewStep> (database) =>
        {
            using var rows = reviewId is not null
                ? database.Use("StepsOfReview").Set("review", ReviewRow.FindSeq(reviewId) ?? 0)
                : sessionId is not null
                    ? database.Use("StepsOfSession").Set("session_id", sessionId)
                    : database.Use("ReadSteps").Set("after", 0).Set("limit", long.MaxValue);
            var steps = PageCut.ReadAll(rows, ReviewRow.ReadStep);
            var seen = steps.Select(static step => step.SessionId).Distinct(StringComparer.Ordinal)
                .Where(session => (sessionId is null || session == sessionId) && Sees(database, sight, ResourceKey.Session(session)))
                .ToHashSet(StringComparer.Ordinal);
            return steps.FindAll(step => seen.Contains(step.SessionId));
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Tail<ReviewStep>> ReadStepsAsync(Sight sight, long afterSeq, int max, CancellationToken cancellationToken) => ReadTailAsync(
        new TailStatements<ReviewStep>(
            "ReadSteps", "NewestStepSeq", static sql => sql.OfSession("review_steps.session_id"), ReviewRow.ReadStep, static step => step.Seq),
        sight, afterSeq, max, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<ReviewState, long>> CountReviewsAsync(Sight sight, CancellationToken cancellationToken) => ReadAsync(
        IReadOnlyDictionary<ReviewState, long> (database) =>
        {
            var (counts, open) = sight.IsEverything ? CountReviews(database) : CountReviews(database, sight);
            if (open > 0)
            {
                counts[ReviewState.Open] = counts.GetValueOrDefault(ReviewState.Open) + open;
                counts[ReviewState.Claimed] -= open;
            }

            return counts.Where(pair => pair.Value != 0).ToDictionary();
        },
        cancellationToken);

    private static string SeenReview(SightSql sql) => sql.OfSession("reviews.session_id");

    /// <summary>Items per stored state, and how many of the claimed ones have lapsed.</summary>
    private (Dictionary<ReviewState, long> Counts, long Lapsed) CountReviews(SqliteDatabase database)
    {
        var counts = ReadCounters(database, Counters.Reviews)
            .ToDictionary(pair => (ReviewState)int.Parse(pair.Key, CultureInfo.InvariantCulture), pair => pair.Value);
        using var lapsed = database.Use("CountLapsedClaims").Set("now", time.GetUtcNow());
        return (counts, PageCut.ReadNumber(lapsed));
    }

    private (Dictionary<ReviewState, long> Counts, long Lapsed) CountReviews(SqliteDatabase database, Sight sight)
    {
        using var rows = database.Use("CountReviewStatesSeen", new SqlPredicate().And(sight, SeenReview)).Set("now", time.GetUtcNow());
        var states = PageCut.ReadAll(rows, static row => (State: (ReviewState)row.Int32(), Count: row.Int64(), Lapsed: row.Int64()));
        return (states.ToDictionary(row => row.State, row => row.Count), states.Sum(row => row.Lapsed));
    }

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
