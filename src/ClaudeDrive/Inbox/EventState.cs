namespace ClaudeDrive.Inbox;

/// <summary>States of an event (design §2, Inbox): <c>pending → applied | superseded | dead</c>, <c>dead → pending | covered | discarded</c>.</summary>
internal enum EventState
{
    /// <summary>Stored; its resource is due.</summary>
    Pending = 0,

    /// <summary>Reflected by a revision, or kept with nothing to fetch.</summary>
    Applied = 1,

    /// <summary>Older than what the context already reflected.</summary>
    Superseded = 2,

    /// <summary>Given up; waits for a person.</summary>
    Dead = 3,

    /// <summary>Was dead; a later fetch of the same resource succeeded.</summary>
    Covered = 4,

    /// <summary>Was dead; a person dropped it.</summary>
    Discarded = 5,
}

/// <summary>Who told us of an event.</summary>
internal enum EventSource
{
    /// <summary>A signed delivery.</summary>
    Webhook = 0,

    /// <summary>The sweep found it on the API.</summary>
    Inferred = 1,

    /// <summary>A person asked for a look.</summary>
    Manual = 2,
}
