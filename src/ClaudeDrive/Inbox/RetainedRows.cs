namespace ClaudeDrive.Inbox;

/// <summary>What retention deletes when it is old enough. Everything else is kept for ever.</summary>
internal enum RetainedRows
{
    /// <summary>Events in a final state.</summary>
    Events,

    /// <summary>Recorded delivery attempts.</summary>
    Deliveries,
}
