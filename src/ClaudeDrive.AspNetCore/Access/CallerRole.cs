namespace ClaudeDrive.AspNetCore.Access;

/// <summary>Roles, each including those before it (design §4).</summary>
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
