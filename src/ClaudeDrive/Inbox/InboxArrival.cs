using ClaudeDrive.Ingest;

namespace ClaudeDrive.Inbox;

/// <summary>One event on its way into the inbox, with the facts of the delivery that brought it.</summary>
internal sealed record InboxArrival
{
    /// <summary>Name of the receiving endpoint.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The canonical event.</summary>
    public required WebhookEnvelope Envelope { get; init; }

    /// <summary>The signed bytes, exactly as received. The store copies nothing: the memory must stay unchanged until the call returns.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>When the request arrived, by our clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Who told us.</summary>
    public EventSource Source { get; init; } = EventSource.Webhook;

    /// <summary>The API request id that proves an inferred event; else null.</summary>
    public string? ProofRequestId { get; init; }

    /// <summary>The delivery attempt to record in the same transaction; null for events that no delivery brought.</summary>
    public DeliveryFacts? Delivery { get; init; }

    /// <summary>True when it waited in the spool: its delivery is then recorded as <see cref="DeliveryOutcome.Spooled"/>, new event or not.</summary>
    public bool WasSpooled { get; init; }

    /// <summary>How its delivery is recorded.</summary>
    public DeliveryOutcome OutcomeOf(bool isNew) =>
        WasSpooled ? DeliveryOutcome.Spooled : isNew ? DeliveryOutcome.Accepted : DeliveryOutcome.Duplicate;
}
