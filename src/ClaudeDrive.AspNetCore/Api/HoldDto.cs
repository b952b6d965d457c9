using ClaudeDrive.Custody;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>A legal hold.</summary>
internal sealed record HoldDto
{
    public required string HoldId { get; init; }

    /// <summary><c>everything</c>, <c>workspace</c> or <c>session</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>The session that is held; null for the other scopes.</summary>
    public string? SessionId { get; init; }

    /// <summary>The workspace that is held; null for the other scopes.</summary>
    public string? WorkspaceId { get; init; }

    public required string Reason { get; init; }
    public required string SetBy { get; init; }
    public required DateTimeOffset SetAt { get; init; }

    public static HoldDto Of(Hold hold) => new()
    {
        HoldId = hold.HoldId,
        Scope = CustodyAudit.ScopeName(hold.Scope),
        SessionId = hold.Scope == HoldScope.Session ? hold.Target : null,
        WorkspaceId = hold.Scope == HoldScope.Workspace ? hold.Target : null,
        Reason = hold.Reason,
        SetBy = hold.SetBy,
        SetAt = hold.SetAt,
    };
}

/// <summary>Body of a new hold: one of the first three, and the reason.</summary>
internal sealed record HoldBody(string? SessionId, string? WorkspaceId, bool? Everything, string? Reason);

/// <summary>The hold that was lifted.</summary>
internal sealed record LiftedDto(string HoldId, string State);
