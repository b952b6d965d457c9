namespace ClaudeDrive.Inbox;

/// <summary>How a delivery attempt ended (contract §3, <c>deliveries</c>).</summary>
internal enum DeliveryOutcome
{
    /// <summary>Stored; answered 200.</summary>
    Accepted,

    /// <summary>The event was known; answered 200.</summary>
    Duplicate,

    /// <summary>Written to the spool; answered 200.</summary>
    Spooled,

    /// <summary>Not proven or not readable; answered 4xx.</summary>
    Rejected,

    /// <summary>Neither store nor spool could commit; answered 503.</summary>
    Unavailable,
}
