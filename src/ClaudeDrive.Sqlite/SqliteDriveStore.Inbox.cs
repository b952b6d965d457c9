using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Sqlite.Rows;
using ClaudeDrive.Sqlite.Writing;

namespace ClaudeDrive.Sqlite;

/// <content>Storing events, and the leases on their resources.</content>
internal sealed partial class SqliteDriveStore
{
    /// <summary>Cooled rows that one claim removes at most: keeps a claim short after a storm.</summary>
    private const int MaxCooledPerClaim = 500;

    private static readonly WorkLane[] Lanes = Enum.GetValues<WorkLane>();

    /// <inheritdoc/>
    public long WorkVersion => _workSignal.Version;

    /// <inheritdoc/>
    public Task WaitForWorkAsync(long seen, CancellationToken cancellationToken) => _workSignal.WaitAsync(seen, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> StoreAsync(InboxArrival arrival, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var job = _storeJobs.Rent(arrival);
        var result = job.Result;
        OpenWriter.Enqueue(job);
        if (cancellationToken.CanBeCanceled)
        {
            job.CancelWith(cancellationToken);
        }

        return result;
    }

    /// <inheritdoc/>
    public async ValueTask RecordDeliveriesAsync(IReadOnlyList<DeliveryRecord> deliveries, CancellationToken cancellationToken) =>
        await WriteAsync(
            scope =>
            {
                foreach (var delivery in deliveries)
                {
                    EventWriting.Record(scope, delivery);
                }

                return deliveries.Count;
            },
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ResourceLease>> ClaimAsync(int max, TimeSpan leaseFor, CancellationToken cancellationToken) => WriteAsync(
        IReadOnlyList<ResourceLease> (scope) =>
        {
            RemoveCooled(scope);
            var due = ReadDue(scope, max);
            return due.Count == 0 ? [] : LeaseAll(scope, due, scope.Now + leaseFor);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(ResourceLease lease, TimeSpan leaseFor, CancellationToken cancellationToken) =>
        EndLeaseAsync(lease, (scope, row) => WorkWriting.Renew(scope, row, scope.Now + leaseFor), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ReleaseAsync(ResourceLease lease, CancellationToken cancellationToken) =>
        EndLeaseAsync(lease, WorkWriting.Release, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RetryAsync(ResourceLease lease, string error, TimeSpan delay, CancellationToken cancellationToken) =>
        EndLeaseAsync(
            lease,
            (scope, row) =>
            {
                WorkWriting.Postpone(scope, row, scope.Now + delay, attempts: 1);
                EventClosing.Note(scope, lease, error, attempts: 1);
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> SnoozeAsync(ResourceLease lease, string error, TimeSpan delay, CancellationToken cancellationToken) =>
        EndLeaseAsync(
            lease,
            (scope, row) =>
            {
                WorkWriting.Postpone(scope, row, scope.Now + delay, attempts: 0);
                EventClosing.Note(scope, lease, error, attempts: 0);
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ParkAsync(ResourceLease lease, string error, CancellationToken cancellationToken) =>
        EndLeaseAsync(
            lease,
            (scope, row) =>
            {
                EventClosing.Park(scope, lease, error);
                if (row.Dirty)
                {
                    WorkWriting.Revive(scope, row, scope.Now + coalescing.Quiet);
                }
                else
                {
                    WorkWriting.Delete(scope, row);
                }
            },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask RequestAsync(ResourceKey resource, string? parentId, WorkLane lane, CancellationToken cancellationToken) =>
        await WriteAsync(
            scope =>
            {
                WorkWriting.Request(scope, resource, parentId, lane);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            DateTimeOffset? next = null;
            foreach (var lane in Lanes)
            {
                using var find = database.Use("NextDue").Set("lane", (long)lane);
                find.Step();
                var due = find.InstantOrNull();
                next = next is null || due < next ? due ?? next : next;
            }

            return next;
        },
        cancellationToken);

    private ValueTask<bool> EndLeaseAsync(ResourceLease lease, Action<WriteScope, HeldWork> end, CancellationToken cancellationToken) => WriteAsync(
        scope =>
        {
            if (WorkWriting.FindHeld(scope, lease) is not { } row)
            {
                return false;
            }

            end(scope, row);
            scope.WorkChanged = true;
            return true;
        },
        cancellationToken);

    private static void RemoveCooled(WriteScope scope)
    {
        using var delete = scope.Database.Use("DeleteCooled");
        delete.Set("now", scope.Now).Set("limit", MaxCooledPerClaim).Run();
    }

    private static List<DueWork> ReadDue(WriteScope scope, int max)
    {
        var due = new List<DueWork>();
        foreach (var lane in Lanes)
        {
            if (due.Count >= max)
            {
                break;
            }

            using var rows = scope.Database.Use("DueWork").Set("lane", (long)lane).Set("now", scope.Now).Set("limit", (long)max - due.Count);
            while (rows.Step())
            {
                due.Add(new DueWork(
                    rows.Int64(), new ResourceKey(rows.Text(), rows.Text()), rows.TextOrNull(), (WorkLane)rows.Int32(), rows.Int32()));
            }
        }

        return due;
    }

    private static ResourceLease[] LeaseAll(WriteScope scope, List<DueWork> due, DateTimeOffset until)
    {
        long newest;
        using (var rows = scope.Database.Use("NewestEventSeq"))
        {
            newest = PageCut.ReadNumber(rows);
        }

        return [.. due.Select(row => Lease(scope, row, until, newest))];
    }

    private static ResourceLease Lease(WriteScope scope, DueWork row, DateTimeOffset until, long newest)
    {
        var token = WorkWriting.NextToken(scope);
        using (var lease = scope.Database.Use("LeaseWork"))
        {
            lease.Set("token", token).Set("until", until).Set("id", row.Id).Run();
        }

        var pending = ReadPending(scope.Database, row.Resource, newest);
        return new ResourceLease
        {
            Resource = row.Resource,
            ParentId = row.ParentId,
            Token = token,
            ExpiresAt = until,
            Lane = row.Lane,
            Attempts = row.Attempts,
            ThroughSeq = newest,
            Events = pending,
            Endpoint = pending.Count == 0 ? null : pending[^1].Endpoint,
        };
    }

    private static List<EventRecord> ReadPending(SqliteDatabase database, ResourceKey resource, long through)
    {
        using var rows = database.Use("PendingEvents")
            .Set("resource_type", resource.Type).Set("resource_id", resource.Id).Set("through", through).Set("limit", ResourceLease.MaxEvents);
        var pending = PageCut.ReadAll(rows, EventRows.Read);
        pending.Reverse();
        return pending;
    }

    private readonly record struct DueWork(long Id, ResourceKey Resource, string? ParentId, WorkLane Lane, int Attempts);
}
