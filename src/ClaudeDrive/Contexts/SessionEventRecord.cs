namespace ClaudeDrive.Contexts;

/// <summary>One event of a session's history as fetched: a row of the transcript.</summary>
internal sealed record SessionEventRecord
{
    /// <summary>The event's id: upserted by it.</summary>
    public required string EventId { get; init; }

    /// <summary>The stream name, for example <c>agent.message</c>.</summary>
    public required string Type { get; init; }

    /// <summary>By Claude's clock; null while queued. Orders the transcript, nulls last, ties by first arrival.</summary>
    public DateTimeOffset? ProcessedAt { get; init; }

    /// <summary>The event as fetched but for what redaction took out, UTF-8 JSON: untrusted content.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>Revision that first showed it; set by the store's reader, ignored on writing.</summary>
    public int FirstRevision { get; init; }
}
