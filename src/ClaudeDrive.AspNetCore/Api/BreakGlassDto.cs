using System.Text.Json.Serialization;
using ClaudeDrive.Access;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>An opening, as those are told whom it concerns.</summary>
internal sealed record BreakGlassDto
{
    public required string BreakGlassId { get; init; }

    public required string Actor { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>What was opened; left out for a caller who does not see all of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GrantDto? Scope { get; init; }

    public static BreakGlassDto Of(Opening opening, Caller caller) => new()
    {
        BreakGlassId = opening.Id,
        Actor = opening.Actor,
        Reason = opening.Reason,
        OpenedAt = opening.OpenedAt,
        ExpiresAt = opening.ExpiresAt,
        ClosedAt = opening.ClosedAt,
        Scope = caller.MayGive(new Grant(CallerRole.Viewer, opening.Scope)) ? GrantDto.Of(new Grant(CallerRole.Viewer, opening.Scope)) : null,
    };
}

/// <summary>Body of an opening.</summary>
internal sealed record BreakGlassBody(string Reason, int? Minutes, string? OrganizationId, string? WorkspaceId, string? AgentId, TagDto? Metadata);
