namespace ClaudeDrive.Simulator;

/// <summary>One thing that happened in the simulated world, for a person to read.</summary>
/// <param name="Kind">One of <c>session_created</c>, <c>session_idle</c>, <c>session_deleted</c>, <c>resource_changed</c>, <c>event_emitted</c>,
/// <c>delivery_attempt</c>, <c>event_dropped</c>, <c>user_event</c>, <c>user_event_refused</c>, <c>fault</c>, <c>endpoint_disabled</c>.</param>
/// <param name="At">When, UTC.</param>
internal sealed record SimulatorEvent(string Kind, DateTimeOffset At)
{
    /// <summary>The session concerned, if any.</summary>
    public string? SessionId { get; init; }

    /// <summary>Id of the webhook event or the user event concerned, if any.</summary>
    public string? EventId { get; init; }

    /// <summary>Type of that event, of the scenario, or name of the fault.</summary>
    public string? Name { get; init; }

    /// <summary>HTTP status of a delivery attempt; <see langword="null"/> when no answer came.</summary>
    public int? Status { get; init; }

    /// <summary>Attempt number, stop reason, refusal or other detail in words.</summary>
    public string? Detail { get; init; }

    /// <summary>When the delivered event happened, UTC; null for anything but a delivery.</summary>
    public DateTimeOffset? HappenedAt { get; init; }
}
