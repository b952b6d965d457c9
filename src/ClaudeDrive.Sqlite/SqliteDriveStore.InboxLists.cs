using System.Globalization;
using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Sqlite.Filters;
using ClaudeDrive.Sqlite.Rows;
using ClaudeDrive.Sqlite.Writing;

namespace ClaudeDrive.Sqlite;

/// <content>Reading the inbox, and its dead letters.</content>
internal sealed partial class SqliteDriveStore
{
    /// <inheritdoc/>
    public ValueTask<int> RetryDeadAsync(Deed deed, EventFilter filter, CancellationToken cancellationToken) => WriteAsync(
        scope =>
        {
            var count = RetryDead(scope, EventPredicate(deed.Sight, filter));
            AuditSettled(scope, deed, AuditActions.DeadLettersRetried, filter, count);
            return count;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> DiscardDeadAsync(Deed deed, EventFilter filter, CancellationToken cancellationToken) => WriteAsync(
        scope =>
        {
            using var discard = scope.Database.Use("DiscardDead", EventPredicate(deed.Sight, filter));
            var count = discard.Run();
            EventClosing.Move(scope, EventState.Dead, EventState.Discarded, count);
            AuditSettled(scope, deed, AuditActions.DeadLettersDiscarded, filter, count);
            return count;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReplayOutcome> ReplayAsync(Deed deed, string? endpoint, string eventId, CancellationToken cancellationToken) => WriteAsync(
        scope =>
        {
            if (FindEvent(scope.Database, deed.Sight, endpoint, eventId) is not { Event: { } record })
            {
                return ReplayOutcome.Unknown;
            }

            if (record.Envelope is not { Resource: { } resource, IsDeletion: false } envelope)
            {
                return ReplayOutcome.NothingToFetch;
            }

            AuditWriting.Append(scope, InboxAudit.Replayed(deed, record));
            if (record.State == EventState.Dead)
            {
                RetryDead(scope, EventPredicate(Sight.Everything, new EventFilter { EventId = envelope.EventId, Endpoint = record.Endpoint }));
            }
            else
            {
                WorkWriting.Request(scope, resource, envelope.ParentId, WorkLane.Watched);
            }

            return ReplayOutcome.Due;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Page<EventRecord>> ListEventsAsync(
        Sight sight, EventFilter filter, PageRequest page, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            var where = EventPredicate(sight, filter);
            var total = CountEvents(database, sight, filter, where);
            using var rows = PageCut.Bind(database.Use("ListEvents", where), page);
            return PageCut.Read(rows, page, total, static row =>
            {
                var record = EventRows.Read(row);
                return (record, record.Seq);
            });
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Tail<EventRecord>> ReadEventsAsync(Sight sight, long afterSeq, int max, CancellationToken cancellationToken) => ReadTailAsync(
        new TailStatements<EventRecord>("ReadEvents", "NewestEventSeq", static sql => sql.OfEvent("e"), EventRows.Read, static record => record.Seq),
        sight, afterSeq, max, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<(EventRecord Event, ReadOnlyMemory<byte> Body)?> FindEventAsync(
        Sight sight, string? endpoint, string eventId, CancellationToken cancellationToken) =>
        ReadAsync(database => FindEvent(database, sight, endpoint, eventId), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Page<DeliveryRecord>> ListDeliveriesAsync(
        Sight sight, DeliveryFilter filter, PageRequest page, CancellationToken cancellationToken) =>
        ReadAsync(
            database =>
            {
                var where = DeliveryPredicate(filter).And(sight, static sql => sql.OfDelivery("d"));
                var total = where.IsEmpty ? ReadCounter(database, Counters.Deliveries) : Count(database, "CountDeliveries", where);
                using var rows = PageCut.Bind(database.Use("ListDeliveries", where), page);
                return PageCut.Read(rows, page, total, static row =>
                {
                    var record = EventRows.ReadDelivery(row);
                    return (record, record.Seq);
                });
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<InboxCounts> CountAsync(Sight sight, DateTimeOffset since, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            var now = time.GetUtcNow();
            using var work = (sight.IsEverything
                ? database.Use("CountWork")
                : database.Use("CountWorkSeen", new SqlPredicate().And(sight, static sql => sql.OfWork("work")))).Set("now", now);
            work.Step();
            var (due, leased, oldest) = (work.Int64(), work.Int64(), work.InstantOrNull());
            return new InboxCounts
            {
                Events = CountStates(database, sight),
                Deliveries = CountOutcomes(database, sight, since),
                Due = due,
                Leased = leased,
                OldestDue = oldest <= now ? now - oldest : null,
            };
        },
        cancellationToken);

    private static int RetryDead(WriteScope scope, SqlPredicate where)
    {
        foreach (var (resource, parentId, lane) in ReadDeadResources(scope.Database, where))
        {
            WorkWriting.Request(scope, resource, parentId, lane);
            WorkWriting.ForgetAttempts(scope, resource);
        }

        using var retry = scope.Database.Use("RetryDead", where);
        var count = retry.Run();
        EventClosing.Move(scope, EventState.Dead, EventState.Pending, count);
        return count;
    }

    private static void AuditSettled(WriteScope scope, Deed deed, string action, EventFilter filter, int count)
    {
        if (count > 0)
        {
            AuditWriting.Append(scope, InboxAudit.Settled(deed, action, filter, count));
        }
    }

    private static (EventRecord Event, ReadOnlyMemory<byte> Body)? FindEvent(SqliteDatabase database, Sight sight, string? endpoint, string eventId)
    {
        var where = new SqlPredicate().And(sight, static sql => sql.OfEvent("e"));
        using var find = endpoint is null
            ? database.Use("FindEventAnywhere", where).Set("event_id", eventId)
            : database.Use("FindEvent", where).Set("event_id", eventId).Set("endpoint", endpoint);
        return find.Step() ? (EventRows.Read(find), find.Bytes()) : null;
    }

    private static List<(ResourceKey Resource, string? ParentId, WorkLane Lane)> ReadDeadResources(SqliteDatabase database, SqlPredicate where)
    {
        using var rows = database.Use("DeadResources", where);
        return PageCut.ReadAll(rows, static row => (new ResourceKey(row.Text(), row.Text()), row.TextOrNull(), (WorkLane)row.Int32()));
    }

    private static Dictionary<EventState, long> CountStates(SqliteDatabase database, Sight sight)
    {
        if (sight.IsEverything)
        {
            return ReadCounters(database, Counters.Events)
                .ToDictionary(pair => (EventState)int.Parse(pair.Key, CultureInfo.InvariantCulture), pair => pair.Value);
        }

        using var rows = database.Use("CountEventStatesSeen", new SqlPredicate().And(sight, static sql => sql.OfEvent("e")));
        return PageCut.ReadAll(rows, static row => (State: (EventState)row.Int32(), Count: row.Int64())).ToDictionary(row => row.State, row => row.Count);
    }

    private static Dictionary<DeliveryOutcome, long> CountOutcomes(SqliteDatabase database, Sight sight, DateTimeOffset since)
    {
        var outcomes = new Dictionary<DeliveryOutcome, long>();
        using var rows = (sight.IsEverything
            ? database.Use("CountOutcomes")
            : database.Use("CountOutcomesSeen", new SqlPredicate().And(sight, static sql => sql.OfDelivery("d")))).Set("since", since);
        while (rows.Step())
        {
            outcomes.Add((DeliveryOutcome)rows.Int32(), rows.Int64());
        }

        return outcomes;
    }

    /// <summary>The total of the lists that everybody opens comes from the counters, whatever the history; others are counted.</summary>
    private static RowTotal CountEvents(SqliteDatabase database, Sight sight, EventFilter filter, SqlPredicate where)
    {
        if (where.IsEmpty)
        {
            return ReadCounters(database, Counters.Events).Values.Sum();
        }

        return sight.IsEverything && filter.State is { } state && filter == new EventFilter { State = state }
            ? ReadCounter(database, Counters.Event(state))
            : Count(database, "CountEvents", where);
    }

    /// <summary>Counts row by row, and no further than <see cref="RowTotal.MaxCounted"/>.</summary>
    private static RowTotal Count(SqliteDatabase database, string name, SqlPredicate where)
    {
        using var count = database.Use(name, where).Set("most", RowTotal.MaxCounted);
        var found = PageCut.ReadNumber(count);
        return new RowTotal(Math.Min(found, RowTotal.MaxCounted), found <= RowTotal.MaxCounted);
    }

    private static SqlPredicate EventPredicate(Sight sight, EventFilter filter) => new SqlPredicate()
        .And("event_id = @event_id", "event_id", filter.EventId)
        .And("event_type = @event_type", "event_type", filter.Type)
        .And("resource_type = @resource_type", "resource_type", filter.ResourceType)
        // Each half names what its index covers: pending and finished events are indexed apart.
        .And(
            "((state = 0 AND resource_id = @resource_id) OR (state <> 0 AND resource_id = @resource_id))", "resource_id", filter.ResourceId)
        .And(
            "(session_id = @session_id OR (state = 0 AND resource_id = @session_id AND flags & 4) "
            + "OR (state <> 0 AND resource_id = @session_id AND flags & 4))",
            "session_id",
            filter.SessionId)
        .And("workspace_id = @workspace_id", "workspace_id", filter.WorkspaceId)
        // A number in the text, not a parameter: SQLite uses the index of pending or dead events only when it can see the state.
        .And(filter.State is { } state ? string.Create(CultureInfo.InvariantCulture, $"state = {(int)state}") : null)
        .And("endpoint = @endpoint", "endpoint", filter.Endpoint)
        .And("source = @source", "source", (long?)filter.Source)
        .And("received_at >= @from", "from", filter.From)
        .And("received_at < @to", "to", filter.To)
        .And(sight, static sql => sql.OfEvent("e"));

    private static SqlPredicate DeliveryPredicate(DeliveryFilter filter) => new SqlPredicate()
        .And("d.endpoint = @endpoint", "endpoint", filter.Endpoint)
        .And("d.outcome = @outcome", "outcome", (long?)filter.Outcome)
        .And("(d.event_id = @event_id OR d.event_seq IN (SELECT seq FROM events WHERE event_id = @event_id))", "event_id", filter.EventId)
        .And("d.received_at >= @from", "from", filter.From)
        .And("d.received_at < @to", "to", filter.To);
}
