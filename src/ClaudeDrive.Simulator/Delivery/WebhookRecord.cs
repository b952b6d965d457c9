namespace ClaudeDrive.Simulator.Delivery;

/// <summary>One emitted webhook event with everything that happened to it. The lists are guarded by the world's lock.</summary>
internal sealed class WebhookRecord
{
    /// <summary>Event id, <c>whe_…</c>; the same on every attempt.</summary>
    public required string EventId { get; init; }

    /// <summary>Type as it is sent (guide names in the guide dialect).</summary>
    public required string EventType { get; init; }

    /// <summary>The resource it is about.</summary>
    public required string ResourceId { get; init; }

    /// <summary>The session it is about, if any.</summary>
    public string? SessionId { get; init; }

    /// <summary>When the thing happened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Which headers and body it is sent with.</summary>
    public required Dialect Dialect { get; init; }

    /// <summary>The bytes that are signed and sent.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Why it was not sent at all: <c>not_subscribed</c>, <c>disabled</c> or <c>no_target</c>.</summary>
    public string? Suppressed { get; init; }

    /// <summary>Delivery waits for this, so that a later event overtakes it.</summary>
    public Task? After { get; init; }

    /// <summary>Called once when delivery has ended, delivered or not.</summary>
    public Action? Ended { get; init; }

    /// <summary>Attempts in the order they ended.</summary>
    public List<DeliveryAttempt> Attempts { get; } = [];

    /// <summary>A genuine attempt was answered with 2xx.</summary>
    public bool Delivered { get; set; }

    /// <summary>Given up without a 2xx: three attempts failed, or the endpoint was disabled meanwhile.</summary>
    public bool Dropped { get; set; }
}
