namespace ClaudeDrive.Simulator.Delivery;

/// <summary>How one delivery attempt ended.</summary>
internal enum AttemptOutcome
{
    /// <summary>2xx.</summary>
    Delivered,

    /// <summary>3xx: not followed, disables the endpoint at once.</summary>
    Redirected,

    /// <summary>Any other status.</summary>
    Refused,

    /// <summary>No answer within the delivery timeout.</summary>
    TimedOut,

    /// <summary>No connection, or it broke.</summary>
    ConnectionFailed,

    /// <summary>The fault <c>drop</c>: never left the sender.</summary>
    Dropped,

    /// <summary>The host resolves to an address that is not public; disables the endpoint at once.</summary>
    InvalidAddress,
}
