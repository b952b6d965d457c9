namespace ClaudeDrive.Access;

/// <summary>Somebody looks beyond their grants for a while.</summary>
internal sealed record Opening
{
    /// <summary>Its id: never given twice.</summary>
    public required string Id { get; init; }

    /// <summary>Who opened it: <see cref="Deed.Identity"/>.</summary>
    public required string Actor { get; init; }

    /// <summary>The key that sees more; null for the first administrator, who sees everything anyway.</summary>
    public string? KeyId { get; init; }

    /// <summary>What is shown beyond the grants.</summary>
    public required Scope Scope { get; init; }

    /// <summary>Why, as the actor said.</summary>
    public required string Reason { get; init; }

    /// <summary>From when on, UTC, by the store's clock.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Until when, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When somebody ended it before; null: nobody did.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>True when it may show something of what this sight shows: who sees that is told.</summary>
    public bool Concerns(Sight sight) => sight.Scopes.Any(scope => !scope.IsApartFrom(Scope));
}
