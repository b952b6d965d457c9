using System.Runtime.InteropServices;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Storage.InMemory;

/// <content>Storing events and working on resources.</content>
internal sealed partial class InMemoryDriveStore
{
    private readonly List<EventEntry> _events = [];
    private readonly Dictionary<(string Endpoint, string EventId), EventEntry> _eventsByKey = [];
    private readonly Dictionary<ResourceKey, List<EventEntry>> _unfinished = [];
    private readonly List<DeliveryRecord> _deliveries = [];
    private readonly Dictionary<ResourceKey, WorkRow> _work = [];
    private readonly CommitSignal _workSignal = new();
    private long _lastOrder;
    private long _lastEventSeq;
    private long _lastDeliverySeq;

    /// <inheritdoc/>
    public long WorkVersion => _workSignal.Version;

    /// <inheritdoc/>
    public Task WaitForWorkAsync(long seen, CancellationToken cancellationToken) => _workSignal.WaitAsync(seen, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> StoreAsync(InboxArrival arrival, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var isNew = !_eventsByKey.TryGetValue((arrival.Endpoint, arrival.Envelope.EventId), out var entry);
            entry ??= AddEvent(arrival);
            if (arrival.Delivery is { } facts)
            {
                entry.Record = entry.Record with { Deliveries = entry.Record.Deliveries + 1 };
                AddDelivery(new DeliveryRecord
                {
                    Endpoint = arrival.Endpoint,
                    ReceivedAt = arrival.ReceivedAt,
                    Outcome = arrival.OutcomeOf(isNew),
                    EventId = arrival.Envelope.EventId,
                    Facts = facts,
                });
            }

            if (isNew && entry.Record is { State: EventState.Pending, Envelope: { Resource: { } resource } envelope })
            {
                var now = time.GetUtcNow();
                FindOrAddWork(resource, envelope.ParentId, envelope.Lane, now).Mark(now, envelope.Lane, coalescing);
                _workSignal.Raise();
            }

            return ValueTask.FromResult(isNew);
        }
    }

    /// <inheritdoc/>
    public ValueTask RecordDeliveriesAsync(IReadOnlyList<DeliveryRecord> deliveries, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            foreach (var delivery in deliveries)
            {
                AddDelivery(delivery);
            }

            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ResourceLease>> ClaimAsync(int max, TimeSpan leaseFor, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var now = time.GetUtcNow();
            foreach (var spent in _work.Values.Where(row => row.IsSpent(now)).ToList())
            {
                _work.Remove(spent.Resource);
            }

            var rows = _work.Values
                .Where(row => row.IsClaimable(now))
                .OrderBy(row => row.Lane).ThenBy(row => row.DueSince).ThenBy(row => row.Order)
                .Take(max);
            IReadOnlyList<ResourceLease> leases = [.. rows.Select(row => Lease(row, now + leaseFor))];
            return ValueTask.FromResult(leases);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(ResourceLease lease, TimeSpan leaseFor, CancellationToken cancellationToken) =>
        EndLease(lease, (row, now) => row.Renew(now + leaseFor), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ReleaseAsync(ResourceLease lease, CancellationToken cancellationToken) =>
        EndLease(lease, (row, now) => row.Release(now), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RetryAsync(ResourceLease lease, string error, TimeSpan delay, CancellationToken cancellationToken) =>
        EndLease(lease, (row, now) =>
        {
            row.Postpone(now + delay, countAttempt: true);
            foreach (var entry in PendingOf(lease))
            {
                entry.Record = entry.Record with { Attempts = entry.Record.Attempts + 1, LastError = error };
            }
        }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> SnoozeAsync(ResourceLease lease, string error, TimeSpan delay, CancellationToken cancellationToken) =>
        EndLease(lease, (row, now) =>
        {
            row.Postpone(now + delay, countAttempt: false);
            foreach (var entry in PendingOf(lease))
            {
                entry.Record = entry.Record with { LastError = error };
            }
        }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ParkAsync(ResourceLease lease, string error, CancellationToken cancellationToken) =>
        EndLease(lease, (row, now) =>
        {
            foreach (var entry in PendingOf(lease))
            {
                entry.Move(EventState.Dead);
                entry.Record = entry.Record with { Attempts = entry.Record.Attempts + 1, LastError = error };
            }

            _work.Remove(lease.Resource);
            if (row.Dirty)
            {
                FindOrAddWork(lease.Resource, row.ParentId, row.Lane, now + coalescing.Quiet);
            }
        }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RequestAsync(ResourceKey resource, string? parentId, WorkLane lane, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            Request(resource, parentId, lane);
            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var next = _work.Values
                .Where(row => row.Dirty || row.LeaseEnds is not null)
                .Min(row => (DateTimeOffset?)row.DueSince);
            return ValueTask.FromResult(next);
        }
    }

    private void Request(ResourceKey resource, string? parentId, WorkLane lane)
    {
        var now = time.GetUtcNow();
        FindOrAddWork(resource, parentId, lane, now).Request(now, lane);
        _workSignal.Raise();
    }

    private ValueTask<bool> EndLease(ResourceLease lease, Action<WorkRow, DateTimeOffset> end, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            if (FindHeld(lease) is not { } row)
            {
                return ValueTask.FromResult(false);
            }

            end(row, time.GetUtcNow());
            _workSignal.Raise();
            return ValueTask.FromResult(true);
        }
    }

    /// <summary>The row that the lease still holds; null when a later claim, or the end of the lease's work, made the token stale.</summary>
    private WorkRow? FindHeld(ResourceLease lease) =>
        _work.TryGetValue(lease.Resource, out var row) && row.LeaseEnds is not null && row.Token == lease.Token ? row : null;

    private WorkRow FindOrAddWork(ResourceKey resource, string? parentId, WorkLane lane, DateTimeOffset due)
    {
        if (!_work.TryGetValue(resource, out var row) || row.IsSpent(time.GetUtcNow()))
        {
            row = new WorkRow(resource, ++_lastOrder, lane, due);
            _work[resource] = row;
        }

        row.ParentId = parentId ?? row.ParentId;
        return row;
    }

    private ResourceLease Lease(WorkRow row, DateTimeOffset until)
    {
        row.Lease(++_lastToken, until);
        var pending = Unfinished(row.Resource).Where(e => e.Record.State == EventState.Pending).Select(e => e.Record).ToList();
        return new ResourceLease
        {
            Resource = row.Resource,
            ParentId = row.ParentId,
            Token = row.Token,
            ExpiresAt = until,
            Lane = row.Lane,
            Attempts = row.Attempts,
            ThroughSeq = _lastEventSeq,
            Events = pending.Count <= ResourceLease.MaxEvents ? pending : pending[^ResourceLease.MaxEvents..],
            Endpoint = pending.Count == 0 ? null : pending[^1].Endpoint,
        };
    }

    private List<EventEntry> PendingOf(ResourceLease lease) => [.. Unfinished(lease.Resource)
        .Where(entry => entry.Record.State == EventState.Pending && entry.Record.Seq <= lease.ThroughSeq)];

    private List<EventEntry> Unfinished(ResourceKey resource) => _unfinished.TryGetValue(resource, out var entries) ? entries : [];

    private EventEntry AddEvent(InboxArrival arrival)
    {
        var envelope = arrival.Envelope;
        var entry = new EventEntry(arrival.Body.ToArray(), new EventRecord
        {
            Seq = ++_lastEventSeq,
            Endpoint = arrival.Endpoint,
            Envelope = envelope,
            ReceivedAt = arrival.ReceivedAt,
            Source = arrival.Source,
            State = !envelope.IsParsed ? EventState.Dead : envelope.Resource is null ? EventState.Applied : EventState.Pending,
            Attempts = 0,
            Deliveries = 0,
            LastError = envelope.IsParsed ? null : "unparsed",
            ProofRequestId = arrival.ProofRequestId,
        });
        _events.Add(entry);
        _eventsByKey.Add((arrival.Endpoint, envelope.EventId), entry);
        if (envelope.Resource is { } resource)
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(_unfinished, resource, out _) ??= []).Add(entry);
        }

        return entry;
    }

    private void AddDelivery(DeliveryRecord delivery) => _deliveries.Add(delivery with { Seq = ++_lastDeliverySeq });

    private sealed class EventEntry(byte[] body, EventRecord record)
    {
        public ReadOnlyMemory<byte> Body { get; } = body;

        public EventRecord Record { get; set; } = record;

        public void Move(EventState to)
        {
            if (!EventTransitions.IsLegal(Record.State, to))
            {
                throw new InvalidOperationException($"Event {Record.Envelope.EventId} cannot go from {Record.State} to {to}.");
            }

            Record = Record with { State = to };
        }
    }
}
