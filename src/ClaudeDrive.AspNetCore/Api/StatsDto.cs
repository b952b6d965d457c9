namespace ClaudeDrive.AspNetCore.Api;

/// <summary>
/// Numbers at one moment, of what the caller sees; deliveries within the window, everything else as it stands. The work of this process as a whole is
/// told only to callers who see everything: it is null for others.
/// </summary>
internal sealed record StatsDto
{
    public required long WindowSeconds { get; init; }
    public required EventStatsDto Events { get; init; }
    public required DeliveryStatsDto Deliveries { get; init; }
    public required WorkStatsDto Work { get; init; }
    public required ApiStatsDto? Api { get; init; }
    public required ContextStatsDto Contexts { get; init; }
    public required ReviewStatsDto Reviews { get; init; }
    public required SpoolStatsDto? Spool { get; init; }
    public required RetentionStatsDto? Retention { get; init; }
}

/// <summary>Events per state.</summary>
internal sealed record EventStatsDto(long Total, long Pending, long Applied, long Superseded, long Dead, long Covered, long Discarded);

/// <summary>Delivery attempts per outcome.</summary>
internal sealed record DeliveryStatsDto(long Accepted, long Duplicate, long Spooled, long Rejected, long Unavailable);

/// <summary>Resources to look at.</summary>
internal sealed record WorkStatsDto(long Due, long Leased, double? OldestDueSeconds);

/// <summary>Reads of the Claude API since the process started, and per delivery answered 200 since then.</summary>
internal sealed record ApiStatsDto(long Reads, double? ReadsPerWebhook);

/// <summary>What is known.</summary>
internal sealed record ContextStatsDto(long Sessions, long Resources, long Revisions);

/// <summary>Review items per state.</summary>
internal sealed record ReviewStatsDto(
    long Open, long Claimed, long Answered, long Sending, long Verifying, long Resumed, long ClosedElsewhere, long Cancelled, long Expired);

/// <summary>Deliveries of this process that were acknowledged and wait for the store.</summary>
internal sealed record SpoolStatsDto(long Records, long Bytes, double? OldestSeconds);

/// <summary>How long is kept, null for ever, and the newest whole pass of this process; null when another node does it, or before the first.</summary>
internal sealed record RetentionStatsDto(double? EventsSeconds, double? DeliveriesSeconds, RetentionPassDto? LastPass);

/// <summary>One pass of retention.</summary>
internal sealed record RetentionPassDto(DateTimeOffset FinishedAt, long Events, long Deliveries);
