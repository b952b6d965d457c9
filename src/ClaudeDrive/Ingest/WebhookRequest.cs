namespace ClaudeDrive.Ingest;

/// <summary>A request to the receiver as it came, unproven: nothing in it may be believed or stored as an event.</summary>
internal sealed class WebhookRequest
{
    /// <summary>The endpoint it was sent to.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Headers <c>webhook-id</c>, <c>webhook-timestamp</c>, <c>webhook-signature</c>.</summary>
    public WebhookHeaders Standard { get; init; }

    /// <summary>Headers <c>X-Webhook-Id</c>, <c>X-Webhook-Timestamp</c>, <c>X-Webhook-Signature</c>.</summary>
    public WebhookHeaders Guide { get; init; }

    /// <summary>The raw bytes of the body; must not change before the delivery is stored.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>When it reached us, by our clock, UTC. Freshness is measured against it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The sender's address, when known.</summary>
    public string? RemoteIp { get; init; }
}
