namespace ClaudeDrive.Inbox;

/// <summary>How a request for another look at an event ended.</summary>
internal enum ReplayOutcome
{
    /// <summary>No such event, or none that may be seen.</summary>
    Unknown,

    /// <summary>The event names nothing that could be fetched.</summary>
    NothingToFetch,

    /// <summary>A look is due.</summary>
    Due,
}
