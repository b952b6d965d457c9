using ClaudeDrive.Access;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Rows;
using ClaudeDrive.Review;
using ClaudeDrive.Storage;

namespace ClaudeDrive.PostgreSql;

/// <content>The outbox of answers.</content>
internal sealed partial class PostgreSqlDriveStore
{
    private long? _restored;

    /// <inheritdoc/>
    public long SendVersion => _sendSignal.Version;

    /// <inheritdoc/>
    public Task WaitForSendsAsync(long seen, CancellationToken cancellationToken) => _sendSignal.WaitAsync(seen, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SendLease>> ClaimSendsAsync(int max, TimeSpan leaseFor, CancellationToken cancellationToken)
    {
        // Before the claim, so that a failure costs no lease. Once: a database is restored with every node stopped.
        _restored ??= RestoreMark.Read(await FindSettingAsync(RestoreMark.SettingName, cancellationToken).ConfigureAwait(false));
        return await AllAsync(
            CallKind.Once,
            use => use("ClaimSends").Set("now", Now).Set("max", (int?)max).Set("lease", leaseFor).Set("node", nodeId),
            row =>
            {
                var claimed = ReviewRow.Read(row);
                return new SendLease
                {
                    Item = claimed.Item,
                    Token = claimed.Token!.Value,
                    MustVerify = row.Truth() || claimed.Item.Seq <= _restored,
                    AnsweredRevision = claimed.AnsweredRevision ?? 0,
                };
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> EndSendAsync(SendLease lease, SendEnding ending, CancellationToken cancellationToken)
    {
        if (!ReviewTransitions.IsLegal(ReviewState.Sending, ending.To))
        {
            throw new ArgumentException($"A send cannot end as {ending.To}.", nameof(ending));
        }

        while (true)
        {
            var row = await FindRowAsync(Sight.Everything, lease.Item.ReviewId, cancellationToken).ConfigureAwait(false);
            if (row is not { Item.State: ReviewState.Sending } || row.Token != lease.Token)
            {
                return false;
            }

            if (await MoveAsync(row, row, MoveOf(row, ending), cancellationToken).ConfigureAwait(false) is not null)
            {
                _sendSignal.Raise();
                _workSignal.Raise();
                return true;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> NextSendDueAsync(CancellationToken cancellationToken) => FirstAsync(
        CallKind.Read,
        use => use("NextSendDue").Set("now", Now),
        row => row.InstantOrNull() is { } due ? ToLocal(due, row.Instant()) : (DateTimeOffset?)null,
        cancellationToken);

    private static ReviewMove MoveOf(ReviewRow row, SendEnding ending)
    {
        var again = ending.To is ReviewState.Answered or ReviewState.Verifying;
        var item = row.Item with { State = ending.To, Problem = ending.Problem, AnswerEventId = ending.AnswerEventId };
        if (ending.To == ReviewState.Open)
        {
            item = item with { AnsweredBy = null, AnsweredAt = null, AnswerJson = null };
        }

        return ReviewMove.Step(item, Self, ending.Problem) with { DueAt = again ? row.ReadAt + ending.Delay : null, Looks = !again };
    }
}
