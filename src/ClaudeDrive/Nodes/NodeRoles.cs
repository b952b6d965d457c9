namespace ClaudeDrive.Nodes;

/// <summary>What a process does. Any number of processes share one store that allows it, each with roles of its own.</summary>
[Flags]
public enum NodeRoles
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Receives webhooks: proves, stores, answers. Needs the signing secrets, not the key of the Claude API.</summary>
    Ingest = 1,

    /// <summary>Looks at resources, sends answers, sweeps, calls handlers. Needs the key of the Claude API, not the signing secrets.</summary>
    Worker = 2,

    /// <summary>Serves the API and the console. Needs neither.</summary>
    Console = 4,

    /// <summary>All of them.</summary>
    All = Ingest | Worker | Console,
}
