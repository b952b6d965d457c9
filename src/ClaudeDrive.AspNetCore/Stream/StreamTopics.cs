namespace ClaudeDrive.AspNetCore.Stream;

/// <summary>What a client wants to hear of (contract §3).</summary>
[Flags]
internal enum StreamTopics
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Stored events.</summary>
    Events = 1,

    /// <summary>New revisions of contexts.</summary>
    Contexts = 2,

    /// <summary>Steps of review items.</summary>
    Reviews = 4,

    /// <summary>Alerts; accepted, none are raised yet.</summary>
    Alerts = 8,

    /// <summary>Everything.</summary>
    All = Events | Contexts | Reviews | Alerts,
}
