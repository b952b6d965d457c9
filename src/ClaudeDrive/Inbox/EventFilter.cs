namespace ClaudeDrive.Inbox;

/// <summary>What to list of the events; null matches all, several must all match. Instants bound <c>received_at</c>: from inclusive, to exclusive.</summary>
internal sealed record EventFilter
{
    /// <summary>Exact event id.</summary>
    public string? EventId { get; init; }

    /// <summary>Exact event type.</summary>
    public string? Type { get; init; }

    /// <summary>Exact resource type.</summary>
    public string? ResourceType { get; init; }

    /// <summary>Exact resource id.</summary>
    public string? ResourceId { get; init; }

    /// <summary>Exact session id.</summary>
    public string? SessionId { get; init; }

    /// <summary>Exact workspace id.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>State.</summary>
    public EventState? State { get; init; }

    /// <summary>Endpoint name.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Source.</summary>
    public EventSource? Source { get; init; }

    /// <summary>Received at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Received before.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>What to list of the deliveries; as <see cref="EventFilter"/>.</summary>
internal sealed record DeliveryFilter
{
    /// <summary>Endpoint name.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Outcome.</summary>
    public DeliveryOutcome? Outcome { get; init; }

    /// <summary>Exact event id.</summary>
    public string? EventId { get; init; }

    /// <summary>Received at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Received before.</summary>
    public DateTimeOffset? To { get; init; }
}
