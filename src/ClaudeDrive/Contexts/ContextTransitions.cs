using ClaudeDrive.Ingest;

namespace ClaudeDrive.Contexts;

/// <summary>
/// Which changes of a context's status are possible, per kind of resource. <c>docs/state-machine.md</c> shows the same tables; a test compares
/// them. A status that this version does not know may be entered and left freely: the API is the authority on names.
/// </summary>
internal static class ContextTransitions
{
    /// <summary>A <c>*.deleted</c> event came: final.</summary>
    public const string Deleted = "deleted";

    /// <summary>The API answered 404: a tombstone that a later successful fetch may lift.</summary>
    public const string Gone = "gone";

    /// <summary>The agent works.</summary>
    public const string Running = "running";

    /// <summary>The session waits.</summary>
    public const string Idle = "idle";

    /// <summary>Claude retries after a transient error.</summary>
    public const string Rescheduling = "rescheduling";

    /// <summary>Unrecoverable, or archived.</summary>
    public const string Terminated = "terminated";

    /// <summary>Archived, for kinds other than sessions.</summary>
    public const string Archived = "archived";

    /// <summary>Edges between different statuses of a session.</summary>
    public static IReadOnlyList<(string From, string To)> Session { get; } =
    [
        (Running, Idle), (Running, Rescheduling), (Running, Terminated), (Running, Deleted), (Running, Gone),
        (Idle, Running), (Idle, Rescheduling), (Idle, Terminated), (Idle, Deleted), (Idle, Gone),
        (Rescheduling, Running), (Rescheduling, Idle), (Rescheduling, Terminated), (Rescheduling, Deleted), (Rescheduling, Gone),
        (Terminated, Deleted), (Terminated, Gone),
        (Gone, Running), (Gone, Idle), (Gone, Rescheduling), (Gone, Terminated), (Gone, Deleted),
    ];

    /// <summary>True when a context of this kind may go from one status to the other; staying is always possible, except once deleted.</summary>
    public static bool IsLegal(ResourceKey resource, string? from, string to)
    {
        if (from is null)
        {
            return true;
        }

        if (from == Deleted)
        {
            return false;
        }

        if (from == to || to is Deleted or Gone || from == Gone)
        {
            return true;
        }

        return resource.Type == ResourceKey.SessionType
            ? Session.Contains((from, to)) || !IsKnownSessionStatus(from) || !IsKnownSessionStatus(to)
            : from != Archived; // No kind can be unarchived (claude-api §4).
    }

    private static bool IsKnownSessionStatus(string status) => status is Running or Idle or Rescheduling or Terminated;
}
