namespace ClaudeDrive.Custody;

/// <summary>What a hold covers. Stored by number.</summary>
internal enum HoldScope
{
    /// <summary>All there is, and all that will come.</summary>
    Everything,

    /// <summary>All of a workspace, by the events' or the contexts' own word.</summary>
    Workspace,

    /// <summary>A session with its threads, revisions, transcript, reviews and events.</summary>
    Session,
}
