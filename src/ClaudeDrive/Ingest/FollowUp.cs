namespace ClaudeDrive.Ingest;

/// <summary>What an event asks for once its resource has been fetched (table in design §2, Contexts).</summary>
internal enum FollowUp
{
    /// <summary>Refresh the context of the resource: every event that asks for nothing more.</summary>
    Refresh,

    /// <summary>Find out why the session is idle, and open review items for what waits on a person.</summary>
    Triage,

    /// <summary>Mark finished, close open items, archive the context with its final transcript.</summary>
    Finish,

    /// <summary>Raise an alert, and log the error's details on the context.</summary>
    Alert,

    /// <summary>Queue the pending tools for their handlers, or open review items for them.</summary>
    Tool,

    /// <summary>Nothing is left to fetch: record the resource as gone for good.</summary>
    Final,
}
