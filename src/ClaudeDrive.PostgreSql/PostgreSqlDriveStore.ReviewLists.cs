using System.Globalization;
using ClaudeDrive.Access;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Filters;
using ClaudeDrive.PostgreSql.Rows;
using ClaudeDrive.Review;

namespace ClaudeDrive.PostgreSql;

/// <content>Reading review items and their steps.</content>
internal sealed partial class PostgreSqlDriveStore
{
    /// <inheritdoc/>
    public async ValueTask<ReviewItem?> FindReviewAsync(Sight sight, string reviewId, CancellationToken cancellationToken) =>
        (await FindRowAsync(sight, reviewId, cancellationToken).ConfigureAwait(false))?.AsSeen().Item;

    /// <inheritdoc/>
    public ValueTask<Page<ReviewItem>> ListReviewsAsync(
        Sight sight, ReviewFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var isAll = sight.IsEverything && ReviewPredicate(filter).IsEmpty;
        return Calls.RunAsync(
            CallKind.Read,
            () =>
            [
                isAll ? Use("CountReviewStates").Set("now", Now) : BindNow(Count("CountReviews", ReviewPredicate(filter).And(sight, SeenReview)), filter),
                PageCut.Bind(Use("ListReviews", ReviewPredicate(filter).And(sight, SeenReview)).Set("now", Now), page),
            ],
            async reader =>
            {
                var total = isAll
                    ? new RowTotal((await ReadReviewStatesAsync(reader).ConfigureAwait(false)).Values.Sum())
                    : await PostgreSqlDatabase.ReadTotalAsync(reader).ConfigureAwait(false);
                var rows = await PostgreSqlDatabase.ReadAllAsync(reader, static row =>
                {
                    var item = ReviewRow.Read(row).AsSeen().Item;
                    return (item, item.Seq);
                }).ConfigureAwait(false);
                return PageCut.Cut(rows, page, total);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<BlockerKey, string>> FindReviewIdsAsync(
        Sight sight, IReadOnlyCollection<BlockerKey> blockers, CancellationToken cancellationToken)
    {
        var found = await AllAsync(
            CallKind.Read,
            _ => Use("ReviewIds", new SqlPredicate().And(sight, SeenReview))
                .Set("sessions", blockers.Select(static blocker => (string?)blocker.SessionId))
                .Set("blockers", blockers.Select(static blocker => (string?)blocker.BlockingEventId)),
            static row => (Key: new BlockerKey(row.Text(), row.Text()), Id: ReviewRow.FormatId(row.Int64())),
            cancellationToken).ConfigureAwait(false);
        return found.ToDictionary(static pair => pair.Key, static pair => pair.Id);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ReviewStep>> ListStepsAsync(
        Sight sight, string? sessionId, string? reviewId, CancellationToken cancellationToken)
    {
        var steps = await AllAsync(
            CallKind.Read,
            _ => reviewId is not null
                ? Use("StepsOfReview", Seen(sight, SeenStep)).Set("review", (long?)(ReviewRow.FindSeq(reviewId) ?? 0))
                : sessionId is not null
                    ? Use("StepsOfSession", Seen(sight, SeenStep)).Set("session_id", sessionId)
                    : Use("ReadStepsSeen", Seen(sight, SeenStep))
                        .Set("after", (long?)0).Set("through", (long?)long.MaxValue).Set("limit", (long?)long.MaxValue),
            ReviewRow.ReadStep,
            cancellationToken).ConfigureAwait(false);
        return sessionId is null ? steps : [.. steps.Where(step => step.SessionId == sessionId)];
    }

    /// <inheritdoc/>
    public ValueTask<Tail<ReviewStep>> ReadStepsAsync(Sight sight, long afterSeq, int max, CancellationToken cancellationToken) => ReadTailAsync(
        new TailStatements<ReviewStep>("ReadSteps", "NewestStepSeq", SeenStep, ReviewRow.ReadStep, static step => step.Seq),
        sight, afterSeq, max, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<ReviewState, long>> CountReviewsAsync(Sight sight, CancellationToken cancellationToken) =>
        await Calls.RunAsync<Dictionary<ReviewState, long>>(
            CallKind.Read,
            () => [(sight.IsEverything ? Use("CountReviewStates") : Use("CountReviewStatesSeen", Seen(sight, SeenReview))).Set("now", Now)],
            sight.IsEverything ? ReadReviewStatesAsync : ReadSeenStatesAsync,
            cancellationToken).ConfigureAwait(false);

    /// <summary>Items per state as everybody sees them; then the next result.</summary>
    private static async ValueTask<Dictionary<ReviewState, long>> ReadReviewStatesAsync(Npgsql.NpgsqlDataReader reader)
    {
        var rows = await PostgreSqlDatabase.ReadAllAsync(reader, static row => (State: (ReviewState)row.Int32(), Count: row.Int64(), Lapsed: row.Int64())).ConfigureAwait(false);
        await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
        var counts = rows.ToDictionary(static row => row.State, static row => row.Count);
        if (rows.Count > 0 && rows[0].Lapsed is > 0 and var lapsed)
        {
            counts[ReviewState.Open] = counts.GetValueOrDefault(ReviewState.Open) + lapsed;
            counts[ReviewState.Claimed] -= lapsed;
        }

        return counts.Where(static pair => pair.Value != 0).ToDictionary();
    }

    private static async ValueTask<Dictionary<ReviewState, long>> ReadSeenStatesAsync(Npgsql.NpgsqlDataReader reader)
    {
        var rows = await PostgreSqlDatabase.ReadAllAsync(reader, static row => (State: (ReviewState)row.Int32(), Count: row.Int64(), Lapsed: row.Int64())).ConfigureAwait(false);
        var lapsed = rows.Sum(static row => row.Lapsed);
        var counts = rows.ToDictionary(static row => row.State, static row => row.Count - row.Lapsed);
        counts[ReviewState.Open] = counts.GetValueOrDefault(ReviewState.Open) + lapsed;
        return counts.Where(static pair => pair.Value != 0).ToDictionary();
    }

    private static string SeenReview(SightSql sql) => sql.OfSession("r.session_id");

    private static string SeenStep(SightSql sql) => sql.OfSession("s.session_id");

    private Statement BindNow(Statement count, ReviewFilter filter) =>
        filter.Assignee is not null || filter.State is ReviewState.Open or ReviewState.Claimed ? count.Set("now", Now) : count;

    private static SqlPredicate ReviewPredicate(ReviewFilter filter)
    {
        const string Clock = "coalesce(@now::bigint, {schema}.ticks(statement_timestamp()))";
        var where = new SqlPredicate().And("session_id = @session_id", "session_id", filter.SessionId);
        if (filter.Assignee is { } assignee)
        {
            where.And($"state = 1 AND claim_expires_at > {Clock}").And("claimed_by = @assignee", "assignee", assignee);
        }

        // A lapsed claim reads as open.
        return filter.State switch
        {
            null => where,
            ReviewState.Open => where.And($"(state = 0 OR (state = 1 AND claim_expires_at <= {Clock}))"),
            ReviewState.Claimed => where.And($"state = 1 AND claim_expires_at > {Clock}"),
            { } state => where.And(string.Create(CultureInfo.InvariantCulture, $"state = {(int)state}")),
        };
    }
}
