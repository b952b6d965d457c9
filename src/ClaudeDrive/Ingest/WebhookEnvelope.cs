namespace ClaudeDrive.Ingest;

/// <summary>The canonical form of a verified event in either dialect. Holds ids and times only, never resource state.</summary>
internal sealed record WebhookEnvelope
{
    /// <summary>The sender's event id; unique per event, the same on every attempt. With the endpoint, the key of deduplication.</summary>
    public required string EventId { get; init; }

    /// <summary>The event's type as received (<c>session.status_idled</c>, <c>tool.result_pending</c>, …), or <c>unparsed</c>.</summary>
    public required string EventType { get; init; }

    /// <summary>The shape it arrived in.</summary>
    public required WebhookDialect Dialect { get; init; }

    /// <summary>When the event occurred, by the sender's clock; null when absent or unreadable.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>What must be looked at; null when nothing can be fetched for this event.</summary>
    public ResourceKey? Resource { get; init; }

    /// <summary>The id that the resource's GET needs beside its own: the session of a thread, the vault of a credential; else null.</summary>
    public string? ParentId { get; init; }

    /// <summary>The session the event belongs to, for <c>session.*</c> and <c>tool.*</c> events.</summary>
    public string? SessionId { get; init; }

    /// <summary>The organization named by the event.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The workspace named by the event; absent on <c>user_profile.*</c> and <c>external_key.*</c>.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>True for <c>*.deleted</c>: final, nothing is left to fetch.</summary>
    public bool IsDeletion { get; init; }

    /// <summary>False for a signed body whose shape could not be read: kept as <c>unparsed</c>, for a person.</summary>
    public bool IsParsed { get; init; } = true;

    /// <summary>How urgent the look is.</summary>
    public WorkLane Lane { get; init; } = WorkLane.Normal;
}
