namespace ClaudeDrive.Inbox;

/// <summary>One delivery attempt as listed. <see cref="Count"/> above 1 is an aggregate of refused attempts beyond the recording rate.</summary>
internal sealed record DeliveryRecord
{
    /// <summary>Position in the log, ascending; 0 before it is stored.</summary>
    public long Seq { get; init; }

    /// <summary>Name of the endpoint that was addressed.</summary>
    public required string Endpoint { get; init; }

    /// <summary>When the request arrived, by our clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>How it ended.</summary>
    public required DeliveryOutcome Outcome { get; init; }

    /// <summary>The stable problem code of a refusal; else null.</summary>
    public string? Code { get; init; }

    /// <summary>The event's id; null when nothing was proven.</summary>
    public string? EventId { get; init; }

    /// <summary>The facts of the request.</summary>
    public required DeliveryFacts Facts { get; init; }

    /// <summary>How many attempts this row stands for.</summary>
    public int Count { get; init; } = 1;
}
