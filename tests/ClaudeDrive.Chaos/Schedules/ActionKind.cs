namespace ClaudeDrive.Chaos.Schedules;

/// <summary>What can be done to a running system. Every action has an end, at which the fault is gone.</summary>
internal enum ActionKind
{
    /// <summary>SIGKILL; the node starts again at the end.</summary>
    Kill,

    /// <summary>SIGSTOP; SIGCONT at the end. Longer than the lease of a resource, some longer than that of an answer.</summary>
    Pause,

    /// <summary>The link between a node and the Claude API is in another mode.</summary>
    ApiLink,

    /// <summary>The link between a node and the database is in another mode.</summary>
    DatabaseLink,

    /// <summary>The database is stopped as an administrator does it (sessions are ended, everything is written); it starts at the end.</summary>
    DatabaseFast,

    /// <summary>The database is stopped without any goodbye and must recover from its log; it starts at the end.</summary>
    DatabaseImmediate,

    /// <summary>No byte more fits on the disk of a node's data directory.</summary>
    DiskFull,

    /// <summary>The Claude API fails in one way, often.</summary>
    ApiStorm,
}
