using ClaudeDrive.Ingest;

namespace ClaudeDrive.Inbox;

/// <summary>
/// The right to work on one due resource until <see cref="ExpiresAt"/>. Only a claim makes one. Every later call passes it back; the store
/// refuses a token that is no longer the newest (fencing), so a worker that slept through its lease changes nothing.
/// </summary>
internal sealed record ResourceLease
{
    /// <summary>The resource.</summary>
    public required ResourceKey Resource { get; init; }

    /// <summary>See <see cref="WebhookEnvelope.ParentId"/>.</summary>
    public string? ParentId { get; init; }

    /// <summary>Fencing token: larger for every later claim in the store.</summary>
    public required long Token { get; init; }

    /// <summary>When the lease ends, by the store's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The urgency it was claimed at.</summary>
    public required WorkLane Lane { get; init; }

    /// <summary>Failed attempts so far; 0 for the first.</summary>
    public required int Attempts { get; init; }

    /// <summary>Events up to this <see cref="EventRecord.Seq"/> are answered by this claim; later ones make the resource due again.</summary>
    public required long ThroughSeq { get; init; }

    /// <summary>The pending events of the resource at the claim, oldest first; at most <see cref="MaxEvents"/> of the newest.</summary>
    public required IReadOnlyList<EventRecord> Events { get; init; }

    /// <summary>Endpoint of the newest event; null for work that no event asked for.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Events listed as causes at most: a revision names its causes, not a whole storm. Chosen, not measured.</summary>
    public const int MaxEvents = 100;
}
