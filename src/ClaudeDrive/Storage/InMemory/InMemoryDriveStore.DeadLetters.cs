using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Storage.InMemory;

/// <content>Dead letters, and reading the inbox.</content>
internal sealed partial class InMemoryDriveStore
{
    /// <inheritdoc/>
    public ValueTask<int> RetryDeadAsync(Deed deed, EventFilter filter, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var retried = Dead(deed.Sight, filter).Count(Retry);
            AuditSettled(deed, AuditActions.DeadLettersRetried, filter, retried);
            return ValueTask.FromResult(retried);
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> DiscardDeadAsync(Deed deed, EventFilter filter, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var dead = Dead(deed.Sight, filter);
            foreach (var entry in dead)
            {
                Close(entry, EventState.Discarded);
            }

            AuditSettled(deed, AuditActions.DeadLettersDiscarded, filter, dead.Count);
            return ValueTask.FromResult(dead.Count);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReplayOutcome> ReplayAsync(Deed deed, string? endpoint, string eventId, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            if (Find(deed.Sight, endpoint, eventId) is not { } entry)
            {
                return ValueTask.FromResult(ReplayOutcome.Unknown);
            }

            if (entry.Record.Envelope is not { Resource: { } resource, IsDeletion: false } envelope)
            {
                return ValueTask.FromResult(ReplayOutcome.NothingToFetch);
            }

            Audit(InboxAudit.Replayed(deed, entry.Record));
            if (entry.Record.State == EventState.Dead)
            {
                Retry(entry);
            }
            else
            {
                Request(resource, envelope.ParentId, WorkLane.Watched);
            }

            return ValueTask.FromResult(ReplayOutcome.Due);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Page<EventRecord>> ListEventsAsync(Sight sight, EventFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var matching = NewestFirst(_events).Select(entry => entry.Record).Where(record => Matches(record, filter) && Sees(sight, record));
            return ValueTask.FromResult(Cut(matching, record => record.Seq, page));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Tail<EventRecord>> ReadEventsAsync(Sight sight, long afterSeq, int max, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            IReadOnlyList<EventRecord> events =
                [.. _events.Select(entry => entry.Record).Where(record => record.Seq > afterSeq && Sees(sight, record)).Take(max)];
            return ValueTask.FromResult(Tail<EventRecord>.Of(events, static record => record.Seq, max, afterSeq, _lastEventSeq));
        }
    }

    /// <inheritdoc/>
    public ValueTask<(EventRecord Event, ReadOnlyMemory<byte> Body)?> FindEventAsync(
        Sight sight, string? endpoint, string eventId, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var entry = Find(sight, endpoint, eventId);
            return ValueTask.FromResult<(EventRecord, ReadOnlyMemory<byte>)?>(entry is null ? null : (entry.Record, entry.Body));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Page<DeliveryRecord>> ListDeliveriesAsync(
        Sight sight, DeliveryFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var matching = NewestFirst(_deliveries).Where(row =>
                (filter.Endpoint is null || row.Endpoint == filter.Endpoint)
                && (filter.Outcome is null || row.Outcome == filter.Outcome)
                && (filter.EventId is null || row.EventId == filter.EventId)
                && (filter.From is null || row.ReceivedAt >= filter.From)
                && (filter.To is null || row.ReceivedAt < filter.To)
                && Sees(sight, row));
            return ValueTask.FromResult(Cut(matching, row => row.Seq, page));
        }
    }

    /// <inheritdoc/>
    public ValueTask<InboxCounts> CountAsync(Sight sight, DateTimeOffset since, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var now = time.GetUtcNow();
            var work = _work.Values.Where(row => Sees(sight, row)).ToList();
            var overdue = work.Where(row => row.IsClaimable(now)).Min(row => (DateTimeOffset?)row.DueSince);
            return ValueTask.FromResult(new InboxCounts
            {
                Events = _events.Where(entry => Sees(sight, entry.Record)).CountBy(entry => entry.Record.State).ToDictionary(pair => pair.Key, pair => (long)pair.Value),
                Deliveries = _deliveries.Where(row => row.ReceivedAt >= since && Sees(sight, row))
                    .AggregateBy(row => row.Outcome, 0L, (sum, row) => sum + row.Count)
                    .ToDictionary(),
                Due = work.Count(row => row.IsClaimable(now) || (row.Dirty && row.LeaseEnds is null)),
                Leased = work.Count(row => row.IsLeased(now)),
                OldestDue = now - overdue,
            });
        }
    }

    private List<EventEntry> Dead(Sight sight, EventFilter filter) =>
        [.. _events.Where(entry => entry.Record.State == EventState.Dead && Matches(entry.Record, filter) && Sees(sight, entry.Record))];

    private EventEntry? Find(Sight sight, string? endpoint, string eventId) => NewestFirst(_events).FirstOrDefault(candidate =>
        candidate.Record.Envelope.EventId == eventId
        && (endpoint is null || candidate.Record.Endpoint == endpoint)
        && Sees(sight, candidate.Record));

    /// <summary>Makes a dead letter pending; false when no look could ever close it.</summary>
    private bool Retry(EventEntry entry)
    {
        if (entry.Record.Envelope is not { Resource: { } resource } envelope)
        {
            return false;
        }

        entry.Move(EventState.Pending);
        entry.Record = entry.Record with { Attempts = 0 };
        Request(resource, envelope.ParentId, envelope.Lane);
        _work[resource].ForgetAttempts();
        return true;
    }

    private void AuditSettled(Deed deed, string action, EventFilter filter, int count)
    {
        if (count > 0)
        {
            Audit(InboxAudit.Settled(deed, action, filter, count));
        }
    }

    /// <summary>Moves an event to a state that nothing follows.</summary>
    private void Close(EventEntry entry, EventState to)
    {
        entry.Move(to);
        if (entry.Record.Envelope.Resource is { } resource)
        {
            Unfinished(resource).Remove(entry);
        }
    }

    private static bool Matches(EventRecord record, EventFilter filter)
    {
        var envelope = record.Envelope;
        return (filter.EventId is null || envelope.EventId == filter.EventId)
            && (filter.Type is null || envelope.EventType == filter.Type)
            && (filter.ResourceType is null || envelope.Resource?.Type == filter.ResourceType)
            && (filter.ResourceId is null || envelope.Resource?.Id == filter.ResourceId)
            && (filter.SessionId is null || envelope.SessionId == filter.SessionId)
            && (filter.WorkspaceId is null || envelope.WorkspaceId == filter.WorkspaceId)
            && (filter.State is null || record.State == filter.State)
            && (filter.Endpoint is null || record.Endpoint == filter.Endpoint)
            && (filter.Source is null || record.Source == filter.Source)
            && (filter.From is null || record.ReceivedAt >= filter.From)
            && (filter.To is null || record.ReceivedAt < filter.To);
    }
}
