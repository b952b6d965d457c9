using ClaudeDrive.Ingest;

namespace ClaudeDrive.Inbox;

/// <summary>One stored event as read back.</summary>
internal sealed record EventRecord
{
    /// <summary>Position in the inbox, ascending in order of storing; unique in the store.</summary>
    public required long Seq { get; init; }

    /// <summary>Name of the endpoint that received it.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The canonical event.</summary>
    public required WebhookEnvelope Envelope { get; init; }

    /// <summary>When it was first received, by our clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Who told us.</summary>
    public required EventSource Source { get; init; }

    /// <summary>Its state.</summary>
    public required EventState State { get; init; }

    /// <summary>Failed attempts at its resource that count against it; 0 when none failed.</summary>
    public required int Attempts { get; init; }

    /// <summary>Deliveries that carried it, repeats included; 0 for inferred events.</summary>
    public required int Deliveries { get; init; }

    /// <summary>Number of the revision that reflects it; null when none does.</summary>
    public int? AppliedRevision { get; init; }

    /// <summary>Stable code and text of the newest failure; null when none.</summary>
    public string? LastError { get; init; }

    /// <summary>The API request id that proves an inferred event; else null.</summary>
    public string? ProofRequestId { get; init; }
}
