namespace ClaudeDrive.Inbox;

/// <summary>Numbers about the inbox at one moment.</summary>
internal sealed record InboxCounts
{
    /// <summary>Events per state.</summary>
    public required IReadOnlyDictionary<EventState, long> Events { get; init; }

    /// <summary>Delivery attempts per outcome since the asked instant.</summary>
    public required IReadOnlyDictionary<DeliveryOutcome, long> Deliveries { get; init; }

    /// <summary>Resources that wait for a look, waiting out a delay included.</summary>
    public required long Due { get; init; }

    /// <summary>Resources under lease now.</summary>
    public required long Leased { get; init; }

    /// <summary>Age of the longest overdue resource; null when none is overdue.</summary>
    public TimeSpan? OldestDue { get; init; }
}
