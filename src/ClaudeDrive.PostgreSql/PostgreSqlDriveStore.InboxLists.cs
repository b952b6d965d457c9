using System.Globalization;
using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Filters;
using ClaudeDrive.PostgreSql.Rows;

namespace ClaudeDrive.PostgreSql;

/// <content>Reading the inbox, and its dead letters.</content>
internal sealed partial class PostgreSqlDriveStore
{
    /// <inheritdoc/>
    public async ValueTask<int> RetryDeadAsync(Deed deed, EventFilter filter, CancellationToken cancellationToken)
    {
        var dead = await FindDeadAsync(deed.Sight, filter, cancellationToken).ConfigureAwait(false);
        return await RetryAsync(dead, InboxAudit.Settled(deed, AuditActions.DeadLettersRetried, filter, dead.Count), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<int> DiscardDeadAsync(Deed deed, EventFilter filter, CancellationToken cancellationToken)
    {
        var dead = await FindDeadAsync(deed.Sight, filter, cancellationToken).ConfigureAwait(false);
        var row = InboxAudit.Settled(deed, AuditActions.DeadLettersDiscarded, filter, dead.Count);
        return dead.Count == 0 ? 0 : await FirstAsync(
            CallKind.Repeat, use => BindAudit(use("DiscardDead").Set("seq", dead), row), static row => row.Int32(), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ReplayOutcome> ReplayAsync(Deed deed, string? endpoint, string eventId, CancellationToken cancellationToken)
    {
        if (await FindEventAsync(deed.Sight, endpoint, eventId, cancellationToken).ConfigureAwait(false) is not { Event: { } record })
        {
            return ReplayOutcome.Unknown;
        }

        if (record.Envelope is not { Resource: { } resource, IsDeletion: false } envelope)
        {
            return ReplayOutcome.NothingToFetch;
        }

        var row = InboxAudit.Replayed(deed, record);
        // One that another has settled since it was read is looked at like any other.
        if (record.State != EventState.Dead || await RetryAsync([record.Seq], row, cancellationToken).ConfigureAwait(false) == 0)
        {
            await RunAsync(
                CallKind.Repeat,
                use => BindAudit(
                    Of(use("RequestLook"), resource).Set("now", Now).Set("parent_id", envelope.ParentId).Set("lane", (int?)WorkLane.Watched), row),
                cancellationToken).ConfigureAwait(false);
            _workSignal.Raise();
        }

        return ReplayOutcome.Due;
    }

    /// <inheritdoc/>
    public ValueTask<Page<EventRecord>> ListEventsAsync(
        Sight sight, EventFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var isByState = sight.IsEverything && filter == new EventFilter { State = filter.State };
        return Calls.RunAsync(
            CallKind.Read,
            () =>
            [
                isByState ? Use("CountEventStates") : Count("CountEvents", EventPredicate(sight, filter)),
                PageCut.Bind(Use("ListEvents", EventPredicate(sight, filter)), page),
            ],
            async reader =>
            {
                var total = isByState
                    ? new RowTotal((await ReadStatesAsync(reader).ConfigureAwait(false)).Where(pair => filter.State is null || pair.Key == filter.State).Sum(static pair => pair.Value))
                    : await PostgreSqlDatabase.ReadTotalAsync(reader).ConfigureAwait(false);
                var rows = await PostgreSqlDatabase.ReadAllAsync(reader, static row =>
                {
                    var record = EventRows.Read(row);
                    return (record, record.Seq);
                }).ConfigureAwait(false);
                return PageCut.Cut(rows, page, total);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Tail<EventRecord>> ReadEventsAsync(Sight sight, long afterSeq, int max, CancellationToken cancellationToken) => ReadTailAsync(
        new TailStatements<EventRecord>("ReadEvents", "NewestEventSeq", static sql => sql.OfEvent("e"), EventRows.Read, static record => record.Seq),
        sight, afterSeq, max, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<(EventRecord Event, ReadOnlyMemory<byte> Body)?> FindEventAsync(
        Sight sight, string? endpoint, string eventId, CancellationToken cancellationToken) =>
        FirstAsync(
            CallKind.Read,
            _ => endpoint is null
                ? Use("FindEventAnywhere", Seen(sight, static sql => sql.OfEvent("e"))).Set("event_id", eventId)
                : Use("FindEvent", Seen(sight, static sql => sql.OfEvent("e"))).Set("event_id", eventId).Set("endpoint", endpoint),
            static row => ((EventRecord Event, ReadOnlyMemory<byte> Body)?)(EventRows.Read(row), row.Bytes()),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Page<DeliveryRecord>> ListDeliveriesAsync(
        Sight sight, DeliveryFilter filter, PageRequest page, CancellationToken cancellationToken) => PageAsync(
        () => DeliveryPredicate(sight, filter) is { IsEmpty: false } where ? Count("CountDeliveries", where) : Use("CountAllDeliveries"),
        () => Use("ListDeliveries", DeliveryPredicate(sight, filter)),
        static row =>
        {
            var record = EventRows.ReadDelivery(row);
            return (record, record.Seq);
        },
        page,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<InboxCounts> CountAsync(Sight sight, DateTimeOffset since, CancellationToken cancellationToken) => Calls.RunAsync(
        CallKind.Read,
        () => sight.IsEverything
            ? [Use("CountWork").Set("now", Now), Use("CountEventStates"), Use("CountOutcomes").Set("since", since)]
            :
            [
                Use("CountWorkSeen", Seen(sight, static sql => sql.OfWork("w"))).Set("now", Now),
                Use("CountEventStatesSeen", Seen(sight, static sql => sql.OfEvent("e"))),
                Use("CountOutcomesSeen", Seen(sight, static sql => sql.OfDelivery("d"))).Set("since", since),
            ],
        async reader =>
        {
            await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            var work = new Row(reader);
            var (due, leased, oldest, now) = (work.Int64(), work.Int64(), work.InstantOrNull(), work.Instant());
            await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
            var states = await ReadStatesAsync(reader).ConfigureAwait(false);
            var outcomes = await PostgreSqlDatabase.ReadAllAsync(reader, static row => ((DeliveryOutcome)row.Int32(), row.Int64())).ConfigureAwait(false);
            return new InboxCounts
            {
                Events = states,
                Deliveries = outcomes.ToDictionary(static pair => pair.Item1, static pair => pair.Item2),
                Due = due,
                Leased = leased,
                OldestDue = oldest <= now ? now - oldest : null,
            };
        },
        cancellationToken);

    private async ValueTask<int> RetryAsync(List<long?> dead, AuditDraft audit, CancellationToken cancellationToken)
    {
        var count = dead.Count == 0 ? 0 : await FirstAsync(
            CallKind.Repeat,
            use => BindAudit(use("RetryDead").Set("now", Now).Set("seq", dead), audit),
            static row => row.Int32(),
            cancellationToken).ConfigureAwait(false);
        _workSignal.Raise();
        return count;
    }

    private async ValueTask<List<long?>> FindDeadAsync(Sight sight, EventFilter filter, CancellationToken cancellationToken) => await Calls.ReadAllAsync(
        CallKind.Read, () => Use("DeadEvents", EventPredicate(sight, filter)), static row => (long?)row.Int64(), cancellationToken).ConfigureAwait(false);

    /// <summary>The events of each state that has any; then the next result.</summary>
    private static async ValueTask<Dictionary<EventState, long>> ReadStatesAsync(Npgsql.NpgsqlDataReader reader)
    {
        var states = await PostgreSqlDatabase.ReadAllAsync(reader, static row => ((EventState)row.Int32(), row.Int64())).ConfigureAwait(false);
        await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
        return states.Where(static pair => pair.Item2 != 0).ToDictionary(static pair => pair.Item1, static pair => pair.Item2);
    }

    private static SqlPredicate EventPredicate(Sight sight, EventFilter filter) => new SqlPredicate()
        .And("e.event_id = @event_id", "event_id", filter.EventId)
        .And("e.event_type = @event_type", "event_type", filter.Type)
        .And("e.resource_type = @resource_type", "resource_type", filter.ResourceType)
        .And("e.resource_id = @resource_id", "resource_id", filter.ResourceId)
        .And("(e.session_id = @session_id OR (e.resource_id = @session_id AND e.flags & 4 <> 0))", "session_id", filter.SessionId)
        .And("e.workspace_id = @workspace_id", "workspace_id", filter.WorkspaceId)
        // The state says which table to begin with.
        .And(filter.State switch
        {
            null => null,
            EventState.Pending or EventState.Dead => string.Create(CultureInfo.InvariantCulture, $"o.state = {(int)filter.State}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"c.state = {(int)filter.State}"),
        })
        .And("e.endpoint = @endpoint", "endpoint", filter.Endpoint)
        .And("e.source = @source", "source", (long?)filter.Source)
        .And("e.received_at >= @from", "from", filter.From)
        .And("e.received_at < @to", "to", filter.To)
        .And(sight, static sql => sql.OfEvent("e"));

    private static SqlPredicate DeliveryPredicate(Sight sight, DeliveryFilter filter) => new SqlPredicate()
        .And("d.endpoint = @endpoint", "endpoint", filter.Endpoint)
        .And("d.outcome = @outcome", "outcome", (long?)filter.Outcome)
        .And("(d.event_id = @event_id OR d.event_seq = ANY (ARRAY(SELECT x.seq FROM {schema}.events x WHERE x.event_id = @event_id)))", "event_id", filter.EventId)
        .And("d.received_at >= @from", "from", filter.From)
        .And("d.received_at < @to", "to", filter.To)
        .And(sight, static sql => sql.OfDelivery("d"));
}
