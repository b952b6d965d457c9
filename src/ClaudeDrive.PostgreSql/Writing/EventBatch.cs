using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Rows;

namespace ClaudeDrive.PostgreSql.Writing;

/// <summary>
/// The events of one commit as the arrays of <c>store_events</c>: each distinct event once, in order of arrival, and the deliveries that brought
/// them.
/// </summary>
internal sealed class EventBatch
{
    private readonly Dictionary<(string Endpoint, string EventId), int> _index = [];
    private readonly List<PendingEvent> _events = [];
    private readonly List<(PendingEvent Job, int Event, bool IsFirst)> _all = [];

    /// <summary>Makes a batch of at least one event.</summary>
    public EventBatch(IEnumerable<PendingEvent> jobs)
    {
        foreach (var job in jobs)
        {
            var key = (job.Arrival.Endpoint, job.Arrival.Envelope.EventId);
            var isFirst = !_index.TryGetValue(key, out var index);
            if (isFirst)
            {
                _events.Add(job);
                index = _events.Count;
                _index.Add(key, index);
            }

            _all.Add((job, index, isFirst));
        }
    }

    /// <summary>Everybody who waits.</summary>
    public IEnumerable<PendingEvent> Jobs => _all.Select(static entry => entry.Job);

    /// <summary>How many wait.</summary>
    public int Count => _all.Count;

    /// <summary>Answers everybody, by what the store says of each distinct event.</summary>
    public void Complete(bool[] isNew)
    {
        foreach (var (job, index, isFirst) in _all)
        {
            job.Complete(isFirst && isNew[index - 1]);
        }
    }

    /// <summary>Binds the batch to <c>StoreEvents</c>.</summary>
    public Statement Bind(Statement store, DateTimeOffset? now, Coalescing coalescing)
    {
        BindEvents(store.Set("now", now).Set("quiet", coalescing.Quiet).Set("max_wait", coalescing.MaxWait));
        var deliveries = _all.Where(static entry => entry.Job.Arrival.Delivery is not null).ToList();
        var facts = deliveries.ConvertAll(static entry => entry.Job.Arrival.Delivery!.Value);
        return store
            .Set("d_event", deliveries.Select(static entry => (int?)entry.Event))
            .Set("d_first", deliveries.Select(static entry => entry.IsFirst))
            .Set("d_outcome", deliveries.Select(static entry => (short)entry.Job.Arrival.OutcomeOf(isNew: true)))
            .Set("d_endpoint", deliveries.Select(static entry => (string?)entry.Job.Arrival.Endpoint))
            .Set("d_received", deliveries.Select(static entry => (long?)entry.Job.Arrival.ReceivedAt.UtcTicks))
            .Set("d_elapsed", facts.Select(static fact => (long?)fact.Elapsed.Ticks))
            .Set("d_bytes", facts.Select(static fact => (int?)fact.BodyBytes))
            .Set("d_ip", facts.Select(static fact => fact.RemoteIp))
            .Set("d_secret", facts.Select(static fact => fact.SecretId));
    }

    private void BindEvents(Statement store)
    {
        var envelopes = _events.ConvertAll(static job => job.Arrival.Envelope);
        store
            .Set("e_id", envelopes.Select(static e => (string?)e.EventId))
            .Set("e_endpoint", _events.Select(static job => (string?)job.Arrival.Endpoint))
            .Set("e_type", envelopes.Select(static e => (string?)e.EventType))
            .Set("e_dialect", envelopes.Select(static e => (short)e.Dialect))
            .Set("e_source", _events.Select(static job => (short)job.Arrival.Source))
            .Set("e_lane", envelopes.Select(static e => (short)e.Lane))
            .Set("e_flags", _events.Select(FlagsOf))
            .Set("e_created", envelopes.Select(static e => e.CreatedAt?.UtcTicks))
            .Set("e_received", _events.Select(static job => (long?)job.Arrival.ReceivedAt.UtcTicks))
            .Set("e_resource_type", envelopes.Select(static e => e.Resource?.Type))
            .Set("e_resource_id", envelopes.Select(static e => e.Resource?.Id))
            .Set("e_parent", envelopes.Select(static e => e.ParentId))
            .Set("e_session", envelopes.Select(static e => e.SessionId is not null && e.SessionId == e.Resource?.Id ? null : e.SessionId))
            .Set("e_organization", envelopes.Select(static e => e.OrganizationId))
            .Set("e_workspace", envelopes.Select(static e => e.WorkspaceId))
            .Set("e_proof", _events.Select(static job => job.Arrival.ProofRequestId))
            .Set("e_state", envelopes.Select(static e => (short)(!e.IsParsed ? EventState.Dead : e.Resource is null ? EventState.Applied : EventState.Pending)))
            .Set("e_body", _events.Select(static job => job.Body));
    }

    private static short FlagsOf(PendingEvent job)
    {
        var envelope = job.Arrival.Envelope;
        return (short)((envelope.IsDeletion ? EventRows.Deletion : 0)
            | (envelope.IsParsed ? 0 : EventRows.Unparsed)
            | (envelope.SessionId is not null && envelope.SessionId == envelope.Resource?.Id ? EventRows.SessionIsResource : 0)
            | (job.Arrival.Delivery is null ? 0 : EventRows.Delivered));
    }
}
