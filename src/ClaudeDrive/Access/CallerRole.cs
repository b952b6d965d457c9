namespace ClaudeDrive.Access;

/// <summary>What somebody may do; each role includes those before it (contract §3).</summary>
internal enum CallerRole
{
    /// <summary>Looks.</summary>
    Viewer = 0,

    /// <summary>Also claims and answers reviews.</summary>
    Reviewer = 1,

    /// <summary>Also replays, retries and discards.</summary>
    Operator = 2,

    /// <summary>Also manages keys, people and endpoints.</summary>
    Admin = 3,
}
