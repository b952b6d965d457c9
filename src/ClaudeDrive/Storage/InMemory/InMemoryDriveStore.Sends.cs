using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;

namespace ClaudeDrive.Storage.InMemory;

/// <content>The outbox of answers.</content>
internal sealed partial class InMemoryDriveStore
{
    private readonly CommitSignal _sendSignal = new();

    /// <inheritdoc/>
    public long SendVersion => _sendSignal.Version;

    /// <inheritdoc/>
    public Task WaitForSendsAsync(long seen, CancellationToken cancellationToken) => _sendSignal.WaitAsync(seen, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SendLease>> ClaimSendsAsync(int max, TimeSpan leaseFor, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var now = time.GetUtcNow();
            IReadOnlyList<SendLease> leases = [.. _reviews
                .Where(row => row.SendDueAt <= now)
                .OrderBy(row => row.Item.AnsweredAt).ThenBy(row => row.Item.Seq)
                .Take(max)
                .ToList()
                .Select(row => LeaseSend(row, now, now + leaseFor))];
            return ValueTask.FromResult(leases);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> EndSendAsync(SendLease lease, SendEnding ending, CancellationToken cancellationToken)
    {
        if (!ReviewTransitions.IsLegal(ReviewState.Sending, ending.To))
        {
            throw new ArgumentException($"A send cannot end as {ending.To}.", nameof(ending));
        }

        using (Enter(cancellationToken))
        {
            if (!_reviewsById.TryGetValue(lease.Item.ReviewId, out var row)
                || row.Item.State != ReviewState.Sending || row.SendToken != lease.Token)
            {
                return ValueTask.FromResult(false);
            }

            var now = time.GetUtcNow();
            var ended = row.Item with { State = ending.To, Problem = ending.Problem, AnswerEventId = ending.AnswerEventId };
            if (ending.To == ReviewState.Open)
            {
                ended = ended with { AnsweredBy = null, AnsweredAt = null, AnswerJson = null };
            }

            Step(row, ended, now, Self, ending.Problem);
            if (ending.To is ReviewState.Answered or ReviewState.Verifying)
            {
                row.SendDueAt = now + ending.Delay;
                _sendSignal.Raise();
            }
            else
            {
                row.SendDueAt = null;
                Request(ResourceKey.Session(row.Item.SessionId), null, WorkLane.Watched);
            }

            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> NextSendDueAsync(CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(_reviews.Min(row => row.SendDueAt));
        }
    }

    private SendLease LeaseSend(ReviewRow row, DateTimeOffset now, DateTimeOffset until)
    {
        var mustVerify = row.Item.State is ReviewState.Sending or ReviewState.Verifying;
        var sending = row.Item with { State = ReviewState.Sending, SendAttempts = row.Item.SendAttempts + 1 };
        if (row.Item.State == ReviewState.Sending)
        {
            row.Item = sending; // Its worker died: the state stays, only the lease is new.
        }
        else
        {
            Step(row, sending, now, Self, null);
        }

        row.SendToken = ++_lastToken;
        row.SendDueAt = until;
        return new SendLease
        {
            Item = row.Item,
            Token = row.SendToken,
            MustVerify = mustVerify,
            AnsweredRevision = row.AnsweredRevision,
        };
    }
}
