namespace ClaudeDrive.Custody;

/// <summary>A legal hold: while it stands, no rule deletes or drops what it covers. Never changed; lifted as a whole.</summary>
internal sealed record Hold
{
    /// <summary>Its id, drawn.</summary>
    public required string HoldId { get; init; }

    /// <summary>What it covers.</summary>
    public required HoldScope Scope { get; init; }

    /// <summary>Id of the workspace or the session, of things that need not exist yet; null for everything.</summary>
    public string? Target { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Who set it: the identity of the deed.</summary>
    public required string SetBy { get; init; }

    /// <summary>When, by the store's clock.</summary>
    public required DateTimeOffset SetAt { get; init; }

    /// <summary>True when it covers a session of that workspace; null where unknown.</summary>
    public bool Covers(string? sessionId, string? workspaceId) => Scope switch
    {
        HoldScope.Everything => true,
        HoldScope.Workspace => workspaceId == Target,
        HoldScope.Session => sessionId == Target,
        _ => throw new InvalidOperationException($"Unknown scope {Scope}."),
    };
}
