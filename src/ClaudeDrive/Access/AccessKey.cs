namespace ClaudeDrive.Access;

/// <summary>An API key as stored: everything but the key.</summary>
internal sealed record AccessKey
{
    /// <summary>Its id: never given twice.</summary>
    public required string KeyId { get; init; }

    /// <summary>The key's first characters, for people to tell keys apart.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the key. The key holds 256 random bits: no slow hash is needed.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }

    /// <summary>Its name, under which its acts are recorded; unique among the keys that are not revoked.</summary>
    public required string Name { get; init; }

    /// <summary>The team whose grants it has; null: a key over everything.</summary>
    public string? TeamId { get; init; }

    /// <summary>The most it may do, whatever its team may.</summary>
    public required CallerRole Role { get; init; }

    /// <summary>When it was made, UTC, by the store's clock.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>From when on it is no longer valid, UTC; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was last used, to the minute or so; null: not yet.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When it was revoked; null: it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>True when it proves somebody at <paramref name="now"/>.</summary>
    public bool IsValidAt(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);

    /// <summary>What it may do: the team's grants, or everything without a team, both capped to its role. Nothing when its team is gone.</summary>
    public IReadOnlyList<Grant> GrantsOf(Team? team) => TeamId is null
        ? [new Grant(Role, Scope.Everything)]
        : [.. (team?.Grants ?? []).Select(granted => granted.Grant.CapTo(Role))];
}
