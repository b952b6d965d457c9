using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.PostgreSql.Connections;

namespace ClaudeDrive.PostgreSql.Rows;

/// <summary>Reads rows of the inbox, in the order of <c>EventColumns</c> and <c>DeliveryColumns</c>.</summary>
internal static class EventRows
{
    /// <summary>Flag of an event that deletes its resource.</summary>
    public const short Deletion = 1;

    /// <summary>Flag of an event whose body could not be read.</summary>
    public const short Unparsed = 2;

    /// <summary>Flag of an event whose session is its resource.</summary>
    public const short SessionIsResource = 4;

    /// <summary>Flag of an event that a delivery brought.</summary>
    public const short Delivered = 8;

    /// <summary>One event.</summary>
    public static EventRecord Read(Row row)
    {
        var seq = row.Int64();
        var eventId = row.Text();
        var endpoint = row.Text();
        var type = row.Text();
        var dialect = (WebhookDialect)row.Int32();
        var source = (EventSource)row.Int32();
        var lane = (WorkLane)row.Int32();
        var flags = row.Int32();
        var createdAt = row.InstantOrNull();
        var receivedAt = row.Instant();
        var resourceType = row.TextOrNull();
        var resourceId = row.TextOrNull();
        var parentId = row.TextOrNull();
        var sessionId = row.TextOrNull();
        return new EventRecord
        {
            Seq = seq,
            Endpoint = endpoint,
            Envelope = new WebhookEnvelope
            {
                EventId = eventId,
                EventType = type,
                Dialect = dialect,
                CreatedAt = createdAt,
                Resource = resourceType is null ? null : new ResourceKey(resourceType, resourceId!),
                ParentId = parentId,
                SessionId = (flags & SessionIsResource) != 0 ? resourceId : sessionId,
                OrganizationId = row.TextOrNull(),
                WorkspaceId = row.TextOrNull(),
                IsDeletion = (flags & Deletion) != 0,
                IsParsed = (flags & Unparsed) == 0,
                Lane = lane,
            },
            ReceivedAt = receivedAt,
            Source = source,
            ProofRequestId = row.TextOrNull(),
            State = (EventState)row.Int32(),
            Attempts = row.Int32(),
            Deliveries = row.Int32(),
            AppliedRevision = row.Int32OrNull(),
            LastError = row.TextOrNull(),
        };
    }

    /// <summary>One delivery.</summary>
    public static DeliveryRecord ReadDelivery(Row row)
    {
        var seq = row.Int64();
        var receivedAt = row.Instant();
        var outcome = (DeliveryOutcome)row.Int32();
        var count = row.Int32();
        return new DeliveryRecord
        {
            Seq = seq,
            ReceivedAt = receivedAt,
            Outcome = outcome,
            Count = count,
            Endpoint = row.Text(),
            EventId = row.TextOrNull(),
            Code = row.TextOrNull(),
            Facts = new DeliveryFacts(row.TextOrNull(), row.Int32(), row.TextOrNull(), new TimeSpan(row.Int64())),
        };
    }
}
