using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Sqlite.Writing;

/// <summary>The statements of one arrival; the hot path, so it binds in the order of the statements and allocates nothing of its own.</summary>
internal static class EventWriting
{
    /// <summary>Flag of an event that deletes its resource.</summary>
    public const long Deletion = 1;

    /// <summary>Flag of an event whose body could not be read.</summary>
    public const long Unparsed = 2;

    /// <summary>Flag of an event whose session is its resource.</summary>
    public const long SessionIsResource = 4;

    /// <summary>Stores an event with its delivery and marks its resource; true when it was new.</summary>
    public static bool Store(WriteScope scope, InboxArrival arrival, Coalescing coalescing)
    {
        var envelope = arrival.Envelope;
        var state = !envelope.IsParsed ? EventState.Dead : envelope.Resource is null ? EventState.Applied : EventState.Pending;
        var isNew = Insert(scope, arrival, state);
        var seq = isNew ? scope.Database.LastInsertedRow : CountRepeat(scope, arrival);
        if (isNew)
        {
            scope.Count(Counters.Event(state), 1);
        }

        if (arrival.Delivery is { } facts)
        {
            InsertDelivery(scope, arrival.Endpoint, arrival.ReceivedAt, arrival.OutcomeOf(isNew), 1, seq, null, null, facts);
        }

        if (isNew && state == EventState.Pending)
        {
            Mark(scope, envelope, coalescing);
        }

        return isNew;
    }

    /// <summary>Records a delivery that stored no event.</summary>
    public static void Record(WriteScope scope, DeliveryRecord delivery) => InsertDelivery(
        scope, delivery.Endpoint, delivery.ReceivedAt, delivery.Outcome, delivery.Count, null, delivery.EventId, delivery.Code, delivery.Facts);

    private static bool Insert(WriteScope scope, InboxArrival arrival, EventState state)
    {
        var envelope = arrival.Envelope;
        var sessionIsResource = envelope.SessionId is not null && envelope.SessionId == envelope.Resource?.Id;
        var flags = (envelope.IsDeletion ? Deletion : 0) | (envelope.IsParsed ? 0 : Unparsed) | (sessionIsResource ? SessionIsResource : 0);
        using var insert = scope.Database.Use("InsertEvent");
        return insert
            .Set("event_id", envelope.EventId)
            .Set("endpoint", arrival.Endpoint)
            .Set("event_type", envelope.EventType)
            .Set("dialect", (long)envelope.Dialect)
            .Set("source", (long)arrival.Source)
            .Set("lane", (long)envelope.Lane)
            .Set("flags", flags)
            .Set("created_at", envelope.CreatedAt)
            .Set("received_at", arrival.ReceivedAt)
            .Set("resource_type", envelope.Resource?.Type)
            .Set("resource_id", envelope.Resource?.Id)
            .Set("parent_id", envelope.ParentId)
            .Set("session_id", sessionIsResource ? null : envelope.SessionId)
            .Set("organization_id", envelope.OrganizationId)
            .Set("workspace_id", envelope.WorkspaceId)
            .Set("proof_request_id", arrival.ProofRequestId)
            .Set("state", (long)state)
            .Set("deliveries", arrival.Delivery is null ? 0L : 1L)
            .Set("last_error", envelope.IsParsed ? null : "unparsed")
            .Set("body", arrival.Body.Span)
            .Run() == 1;
    }

    private static long CountRepeat(WriteScope scope, InboxArrival arrival)
    {
        using var repeat = scope.Database.Use("CountRepeat");
        repeat.Set("deliveries", arrival.Delivery is null ? 0L : 1L)
            .Set("event_id", arrival.Envelope.EventId)
            .Set("endpoint", arrival.Endpoint);
        repeat.Step();
        return repeat.Int64();
    }

    private static void InsertDelivery(
        WriteScope scope, string endpoint, DateTimeOffset receivedAt, DeliveryOutcome outcome, int count, long? eventSeq, string? eventId,
        string? code, DeliveryFacts facts)
    {
        using var insert = scope.Database.Use("InsertDelivery");
        insert.Set("received_at", receivedAt)
            .Set("outcome", (long)outcome)
            .Set("count", (long)count)
            .Set("endpoint", endpoint)
            .Set("event_seq", eventSeq)
            .Set("event_id", eventId)
            .Set("code", code)
            .Set("remote_ip", facts.RemoteIp)
            .Set("body_bytes", (long)facts.BodyBytes)
            .Set("secret_id", facts.SecretId)
            .Set("elapsed", facts.Elapsed.Ticks)
            .Run();
        scope.Count(Counters.Deliveries, 1);
    }

    private static void Mark(WriteScope scope, WebhookEnvelope envelope, Coalescing coalescing)
    {
        var resource = envelope.Resource!.Value;
        using var mark = scope.Database.Use("MarkWork");
        mark.Set("resource_type", resource.Type)
            .Set("resource_id", resource.Id)
            .Set("parent_id", envelope.ParentId)
            .Set("lane", (long)envelope.Lane)
            .Set("now", scope.Now)
            .Set("quiet", coalescing.Quiet.Ticks)
            .Set("max_wait", coalescing.MaxWait.Ticks)
            .Run();
        scope.WorkChanged = true;
    }
}
