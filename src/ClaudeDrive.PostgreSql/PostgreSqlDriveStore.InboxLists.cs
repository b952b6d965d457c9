using System.Globalization;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Rows;

namespace ClaudeDrive.PostgreSql;

/// <content>Reading the inbox, and its dead letters.</content>
internal sealed partial class PostgreSqlDriveStore
{
    /// <inheritdoc/>
    public async ValueTask<int> RetryDeadAsync(EventFilter filter, CancellationToken cancellationToken)
    {
        var dead = await FindDeadAsync(filter, cancellationToken).ConfigureAwait(false);
        var count = dead.Count == 0 ? 0 : await FirstAsync(
            Access.Repeat, use => use("RetryDead").Set("now", Now).Set("seq", dead), static row => row.Int32(), cancellationToken).ConfigureAwait(false);
        _workSignal.Raise();
        return count;
    }

    /// <inheritdoc/>
    public async ValueTask<int> DiscardDeadAsync(EventFilter filter, CancellationToken cancellationToken)
    {
        var dead = await FindDeadAsync(filter, cancellationToken).ConfigureAwait(false);
        return dead.Count == 0 ? 0 : await FirstAsync(
            Access.Repeat, use => use("DiscardDead").Set("seq", dead), static row => row.Int32(), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<Page<EventRecord>> ListEventsAsync(EventFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var isByState = filter == new EventFilter { State = filter.State };
        return Calls.RunAsync(
            Access.Read,
            () =>
            [
                isByState ? Use("CountEventStates") : Use("CountEvents", EventPredicate(filter)),
                PageCut.Bind(Use("ListEvents", EventPredicate(filter)), page),
            ],
            async reader =>
            {
                var total = isByState
                    ? (await ReadStatesAsync(reader).ConfigureAwait(false)).Where(pair => filter.State is null || pair.Key == filter.State).Sum(static pair => pair.Value)
                    : await PostgreSqlDatabase.ReadNumberAsync(reader).ConfigureAwait(false);
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
    public ValueTask<IReadOnlyList<EventRecord>> ReadEventsAsync(long afterSeq, int max, CancellationToken cancellationToken) =>
        AllAsync(Access.Read, use => use("ReadEvents").Set("after", afterSeq).Set("limit", (long?)max), EventRows.Read, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<(EventRecord Event, ReadOnlyMemory<byte> Body)?> FindEventAsync(string? endpoint, string eventId, CancellationToken cancellationToken) =>
        FirstAsync(
            Access.Read,
            use => endpoint is null
                ? use("FindEventAnywhere").Set("event_id", eventId)
                : use("FindEvent").Set("event_id", eventId).Set("endpoint", endpoint),
            static row => ((EventRecord Event, ReadOnlyMemory<byte> Body)?)(EventRows.Read(row), row.Bytes()),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Page<DeliveryRecord>> ListDeliveriesAsync(DeliveryFilter filter, PageRequest page, CancellationToken cancellationToken) => PageAsync(
        () => DeliveryPredicate(filter) is { IsEmpty: false } where ? Use("CountDeliveries", where) : Use("CountAllDeliveries"),
        () => Use("ListDeliveries", DeliveryPredicate(filter)),
        static row =>
        {
            var record = EventRows.ReadDelivery(row);
            return (record, record.Seq);
        },
        page,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<InboxCounts> CountAsync(DateTimeOffset since, CancellationToken cancellationToken) => Calls.RunAsync(
        Access.Read,
        () => [Use("CountWork").Set("now", Now), Use("CountEventStates"), Use("CountOutcomes").Set("since", since)],
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

    private async ValueTask<List<long?>> FindDeadAsync(EventFilter filter, CancellationToken cancellationToken) => await Calls.ReadAllAsync(
        Access.Read, () => Use("DeadEvents", EventPredicate(filter)), static row => (long?)row.Int64(), cancellationToken).ConfigureAwait(false);

    /// <summary>The events of each state that has any; then the next result.</summary>
    private static async ValueTask<Dictionary<EventState, long>> ReadStatesAsync(Npgsql.NpgsqlDataReader reader)
    {
        var states = await PostgreSqlDatabase.ReadAllAsync(reader, static row => ((EventState)row.Int32(), row.Int64())).ConfigureAwait(false);
        await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
        return states.Where(static pair => pair.Item2 != 0).ToDictionary(static pair => pair.Item1, static pair => pair.Item2);
    }

    private static SqlPredicate EventPredicate(EventFilter filter) => new SqlPredicate()
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
        .And("e.received_at < @to", "to", filter.To);

    private static SqlPredicate DeliveryPredicate(DeliveryFilter filter) => new SqlPredicate()
        .And("d.endpoint = @endpoint", "endpoint", filter.Endpoint)
        .And("d.outcome = @outcome", "outcome", (long?)filter.Outcome)
        .And("(d.event_id = @event_id OR d.event_seq = ANY (ARRAY(SELECT x.seq FROM {schema}.events x WHERE x.event_id = @event_id)))", "event_id", filter.EventId)
        .And("d.received_at >= @from", "from", filter.From)
        .And("d.received_at < @to", "to", filter.To);
}
