using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Storage.InMemory;

/// <content>Dead letters, and reading the inbox.</content>
internal sealed partial class InMemoryDriveStore
{
    /// <inheritdoc/>
    public ValueTask<int> RetryDeadAsync(EventFilter filter, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var retried = 0;
            foreach (var entry in Dead(filter))
            {
                if (entry.Record.Envelope is not { Resource: { } resource } envelope)
                {
                    continue;
                }

                entry.Move(EventState.Pending);
                entry.Record = entry.Record with { Attempts = 0 };
                Request(resource, envelope.ParentId, envelope.Lane);
                _work[resource].ForgetAttempts();
                retried++;
            }

            return ValueTask.FromResult(retried);
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> DiscardDeadAsync(EventFilter filter, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var dead = Dead(filter);
            foreach (var entry in dead)
            {
                Close(entry, EventState.Discarded);
            }

            return ValueTask.FromResult(dead.Count);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Page<EventRecord>> ListEventsAsync(EventFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var matching = NewestFirst(_events).Select(entry => entry.Record).Where(record => Matches(record, filter));
            return ValueTask.FromResult(Cut(matching, record => record.Seq, page));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<EventRecord>> ReadEventsAsync(long afterSeq, int max, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            IReadOnlyList<EventRecord> events = [.. _events.Where(entry => entry.Record.Seq > afterSeq).Take(max).Select(entry => entry.Record)];
            return ValueTask.FromResult(events);
        }
    }

    /// <inheritdoc/>
    public ValueTask<(EventRecord Event, ReadOnlyMemory<byte> Body)?> FindEventAsync(
        string? endpoint, string eventId, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var entry = NewestFirst(_events).FirstOrDefault(candidate =>
                candidate.Record.Envelope.EventId == eventId && (endpoint is null || candidate.Record.Endpoint == endpoint));
            return ValueTask.FromResult<(EventRecord, ReadOnlyMemory<byte>)?>(entry is null ? null : (entry.Record, entry.Body));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Page<DeliveryRecord>> ListDeliveriesAsync(DeliveryFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var matching = NewestFirst(_deliveries).Where(row =>
                (filter.Endpoint is null || row.Endpoint == filter.Endpoint)
                && (filter.Outcome is null || row.Outcome == filter.Outcome)
                && (filter.EventId is null || row.EventId == filter.EventId)
                && (filter.From is null || row.ReceivedAt >= filter.From)
                && (filter.To is null || row.ReceivedAt < filter.To));
            return ValueTask.FromResult(Cut(matching, row => row.Seq, page));
        }
    }

    /// <inheritdoc/>
    public ValueTask<InboxCounts> CountAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var now = time.GetUtcNow();
            var overdue = _work.Values.Where(row => row.IsClaimable(now)).Min(row => (DateTimeOffset?)row.DueSince);
            return ValueTask.FromResult(new InboxCounts
            {
                Events = _events.CountBy(entry => entry.Record.State).ToDictionary(pair => pair.Key, pair => (long)pair.Value),
                Deliveries = _deliveries.Where(row => row.ReceivedAt >= since)
                    .AggregateBy(row => row.Outcome, 0L, (sum, row) => sum + row.Count)
                    .ToDictionary(),
                Due = _work.Values.Count(row => row.IsClaimable(now) || (row.Dirty && row.LeaseEnds is null)),
                Leased = _work.Values.Count(row => row.IsLeased(now)),
                OldestDue = now - overdue,
            });
        }
    }

    private List<EventEntry> Dead(EventFilter filter) =>
        [.. _events.Where(entry => entry.Record.State == EventState.Dead && Matches(entry.Record, filter))];

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
