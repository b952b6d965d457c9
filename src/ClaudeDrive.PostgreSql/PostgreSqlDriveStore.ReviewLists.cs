using System.Globalization;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Rows;
using ClaudeDrive.Review;

namespace ClaudeDrive.PostgreSql;

/// <content>Reading review items and their steps.</content>
internal sealed partial class PostgreSqlDriveStore
{
    /// <inheritdoc/>
    public async ValueTask<ReviewItem?> FindReviewAsync(string reviewId, CancellationToken cancellationToken) =>
        (await FindRowAsync(reviewId, cancellationToken).ConfigureAwait(false))?.AsSeen().Item;

    /// <inheritdoc/>
    public ValueTask<Page<ReviewItem>> ListReviewsAsync(ReviewFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var isAll = ReviewPredicate(filter).IsEmpty;
        return Calls.RunAsync(
            Access.Read,
            () =>
            [
                isAll ? Use("CountReviewStates").Set("now", Now) : BindNow(Use("CountReviews", ReviewPredicate(filter)), filter),
                PageCut.Bind(Use("ListReviews", ReviewPredicate(filter)).Set("now", Now), page),
            ],
            async reader =>
            {
                var total = isAll
                    ? (await ReadReviewStatesAsync(reader).ConfigureAwait(false)).Values.Sum()
                    : await PostgreSqlDatabase.ReadNumberAsync(reader).ConfigureAwait(false);
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
    public async ValueTask<IReadOnlyList<ReviewStep>> ListStepsAsync(string? sessionId, string? reviewId, CancellationToken cancellationToken)
    {
        var steps = await AllAsync(
            Access.Read,
            use => reviewId is not null
                ? use("StepsOfReview").Set("review", (long?)(ReviewRow.FindSeq(reviewId) ?? 0))
                : sessionId is not null
                    ? use("StepsOfSession").Set("session_id", sessionId)
                    : use("ReadSteps").Set("after", (long?)0).Set("limit", (long?)long.MaxValue),
            ReviewRow.ReadStep,
            cancellationToken).ConfigureAwait(false);
        return sessionId is null ? steps : [.. steps.Where(step => step.SessionId == sessionId)];
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ReviewStep>> ReadStepsAsync(long afterSeq, int max, CancellationToken cancellationToken) =>
        AllAsync(Access.Read, use => use("ReadSteps").Set("after", (long?)afterSeq).Set("limit", (long?)max), ReviewRow.ReadStep, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<ReviewState, long>> CountReviewsAsync(CancellationToken cancellationToken) => await Calls.RunAsync(
        Access.Read, () => [Use("CountReviewStates").Set("now", Now)], ReadReviewStatesAsync, cancellationToken).ConfigureAwait(false);

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
