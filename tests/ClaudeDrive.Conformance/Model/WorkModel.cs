using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Storage.InMemory;
using Xunit;

namespace ClaudeDrive.Conformance.Model;

/// <summary>
/// When which resource is due, by the rules of <see cref="WorkRow"/> alone: what every store must do, whatever language its rules are written in. It is
/// told of each call and its time, and says what a claim must give.
/// </summary>
internal sealed class WorkModel(Coalescing coalescing)
{
    private readonly Dictionary<ResourceKey, WorkRow> _rows = [];
    private long _order;

    /// <summary>When the earliest work becomes due; null when there is none.</summary>
    public DateTimeOffset? NextDue => _rows.Values.Where(static row => row.Dirty || row.LeaseEnds is not null).Min(static row => (DateTimeOffset?)row.DueSince);

    public void Marked(ResourceKey resource, WorkLane lane, DateTimeOffset now) => FindOrAdd(resource, lane, now).Mark(now, lane, coalescing);

    public void Requested(ResourceKey resource, WorkLane lane, DateTimeOffset now) => FindOrAdd(resource, lane, now).Request(now, lane);

    /// <summary>A dead letter of the resource became pending again.</summary>
    public void Retried(ResourceKey resource, WorkLane lane, DateTimeOffset now)
    {
        Requested(resource, lane, now);
        _rows[resource].ForgetAttempts();
    }

    /// <summary>Compares a claim with what is due: which resources, in which order, how urgent, after how many attempts.</summary>
    public void Claimed(IReadOnlyList<ResourceLease> leases, int max, DateTimeOffset now)
    {
        foreach (var spent in _rows.Values.Where(row => row.IsSpent(now)).ToList())
        {
            _rows.Remove(spent.Resource);
        }

        // Of those that became due at the same instant the first arrival goes first; which that is, only the store knows after a mass retry.
        var due = _rows.Values.Where(row => row.IsClaimable(now)).Select(static row => (row.Lane, row.DueSince)).Order().Take(max);
        var given = leases.Select(lease => _rows[lease.Resource]).ToList();
        Assert.All(given, row => Assert.True(row.IsClaimable(now), $"{row.Resource} is claimed, but not due."));
        Assert.Equal(due, given.Select(static row => (row.Lane, row.DueSince)));
        Assert.Equal(given.Select(static row => (row.Resource, row.Lane, row.Attempts)), leases.Select(static lease => (lease.Resource, lease.Lane, lease.Attempts)));
        foreach (var lease in leases)
        {
            _rows[lease.Resource].Lease(lease.Token, lease.ExpiresAt);
        }
    }

    /// <summary>A lease that held ended, or was renewed.</summary>
    public void Ended(ResourceKey resource, OperationKind how, TimeSpan delay, DateTimeOffset now)
    {
        var row = _rows[resource];
        switch (how)
        {
            case OperationKind.Retry or OperationKind.Snooze:
                row.Postpone(now + delay, countAttempt: how == OperationKind.Retry);
                break;
            case OperationKind.Release:
                row.Release(now);
                break;
            case OperationKind.Renew:
                row.Renew(now + StoreConformance.LeaseFor);
                break;
            case OperationKind.Park:
                _rows.Remove(resource);
                if (row.Dirty)
                {
                    FindOrAdd(resource, row.Lane, now, now + coalescing.Quiet);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(how), how, "Does not end a lease.");
        }
    }

    public void Completed(ResourceKey resource, TimeSpan? lookAgainAfter, DateTimeOffset now) => _rows[resource].Complete(now, lookAgainAfter, coalescing);

    private WorkRow FindOrAdd(ResourceKey resource, WorkLane lane, DateTimeOffset now, DateTimeOffset? due = null)
    {
        if (!_rows.TryGetValue(resource, out var row) || row.IsSpent(now))
        {
            row = new WorkRow(resource, ++_order, lane, due ?? now);
            _rows[resource] = row;
        }

        return row;
    }
}
