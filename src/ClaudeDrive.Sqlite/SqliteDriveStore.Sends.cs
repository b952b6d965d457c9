using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using ClaudeDrive.Sqlite.Rows;
using ClaudeDrive.Sqlite.Writing;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Sqlite;

/// <content>The outbox of answers.</content>
internal sealed partial class SqliteDriveStore
{
    /// <inheritdoc/>
    public long SendVersion => _sendSignal.Version;

    /// <inheritdoc/>
    public Task WaitForSendsAsync(long seen, CancellationToken cancellationToken) => _sendSignal.WaitAsync(seen, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SendLease>> ClaimSendsAsync(int max, TimeSpan leaseFor, CancellationToken cancellationToken) => WriteAsync(
        IReadOnlyList<SendLease> (scope) =>
        {
            List<ReviewRow> due;
            using (var rows = scope.Database.Use("DueSends").Set("now", scope.Now).Set("limit", max))
            {
                due = PageCut.ReadAll(rows, ReviewRow.Read);
            }

            var restored = due.Count == 0 ? 0 : RestoreMark.Read(ReadSetting(scope.Database, RestoreMark.SettingName));
            return [.. due.Select(row => LeaseSend(scope, row, scope.Now + leaseFor, restored))];
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> EndSendAsync(SendLease lease, SendEnding ending, CancellationToken cancellationToken)
    {
        if (!ReviewTransitions.IsLegal(ReviewState.Sending, ending.To))
        {
            throw new ArgumentException($"A send cannot end as {ending.To}.", nameof(ending));
        }

        return WriteAsync(scope => EndSend(scope, lease, ending), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> NextSendDueAsync(CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            using var find = database.Use("NextSendDue");
            find.Step();
            return find.InstantOrNull();
        },
        cancellationToken);

    private static SendLease LeaseSend(WriteScope scope, ReviewRow row, DateTimeOffset until, long restored)
    {
        var leased = row with
        {
            Item = row.Item with { State = ReviewState.Sending, SendAttempts = row.Item.SendAttempts + 1 },
            DueAt = until,
            Token = WorkWriting.NextToken(scope),
        };
        // An item that is sending already had a worker that died: the state stays, only the lease is new.
        leased = row.Item.State == ReviewState.Sending
            ? ReviewWriting.Put(scope, leased)
            : ReviewWriting.Move(scope, row, leased, scope.Now, Self, null);
        return new SendLease
        {
            Item = leased.Item,
            Token = leased.Token!.Value,
            MustVerify = row.Item.State is ReviewState.Sending or ReviewState.Verifying || row.Item.Seq <= restored,
            AnsweredRevision = leased.AnsweredRevision ?? 0,
        };
    }

    private static bool EndSend(WriteScope scope, SendLease lease, SendEnding ending)
    {
        if (ReviewWriting.Find(scope, lease.Item.ReviewId) is not { Item.State: ReviewState.Sending } row || row.Token != lease.Token)
        {
            return false;
        }

        var again = ending.To is ReviewState.Answered or ReviewState.Verifying;
        var item = row.Item with { State = ending.To, Problem = ending.Problem, AnswerEventId = ending.AnswerEventId };
        if (ending.To == ReviewState.Open)
        {
            item = item with { AnsweredBy = null, AnsweredAt = null, AnswerJson = null };
        }

        var ended = new ReviewRow(
            item,
            ending.To == ReviewState.Open ? null : row.AnsweredRevision,
            again ? scope.Now + ending.Delay : null,
            Token: null);
        ReviewWriting.Move(scope, row, ended, scope.Now, Self, ending.Problem);
        if (again)
        {
            scope.SendsChanged = true;
        }
        else
        {
            WorkWriting.Request(scope, ResourceKey.Session(item.SessionId), null, WorkLane.Watched);
        }

        return true;
    }
}
