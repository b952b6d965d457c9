namespace ClaudeDrive.Access;

/// <summary>A team with its people and what they may do. Few and small: always read whole.</summary>
internal sealed record Team
{
    /// <summary>Its id: never given twice.</summary>
    public required string TeamId { get; init; }

    /// <summary>Its name; unique among the teams there are.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made, UTC, by the store's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who belongs to it, by name.</summary>
    public IReadOnlyList<TeamMember> Members { get; init; } = [];

    /// <summary>What it may do, in the order of adding.</summary>
    public IReadOnlyList<TeamGrant> Grants { get; init; } = [];
}

/// <summary>One person in a team.</summary>
/// <param name="Subject">How the sign-in names them; compared byte by byte.</param>
/// <param name="AddedAt">When they were added, UTC, by the store's clock.</param>
internal sealed record TeamMember(string Subject, DateTimeOffset AddedAt);

/// <summary>One grant of a team.</summary>
/// <param name="GrantId">Its id: never given twice.</param>
/// <param name="Grant">What it allows.</param>
/// <param name="AddedAt">When it was added, UTC, by the store's clock.</param>
internal sealed record TeamGrant(string GrantId, Grant Grant, DateTimeOffset AddedAt);
