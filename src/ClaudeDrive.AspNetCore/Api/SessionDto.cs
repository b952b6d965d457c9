using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Contexts;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>A session's context (contract §3, <c>sessions</c>).</summary>
internal sealed record SessionDto
{
    public required string SessionId { get; init; }
    public required string Status { get; init; }
    public string? Triage { get; init; }
    public string? StopReason { get; init; }
    public string? Title { get; init; }
    public AgentDto? Agent { get; init; }
    public string? WorkspaceId { get; init; }
    public string? OrganizationId { get; init; }
    public RawJson Metadata { get; init; }
    public required int Revision { get; init; }
    public required DateTimeOffset AsOf { get; init; }
    public required DateTimeOffset HydratedAt { get; init; }
    public required IReadOnlyList<BlockerDto> Blockers { get; init; }
    public RawJson Usage { get; init; }

    /// <summary>The session object as fetched.</summary>
    public RawJson Resource { get; init; }

    public static SessionDto Of(ContextHead head, Func<Blocker, string?> findReview) => new()
    {
        SessionId = head.Resource.Id,
        Status = head.Status,
        Triage = head.Triage,
        StopReason = head.StopReason,
        Title = head.Title,
        Agent = head.AgentId is null && head.AgentName is null ? null : new AgentDto(head.AgentId, head.AgentName),
        WorkspaceId = head.WorkspaceId,
        OrganizationId = head.OrganizationId,
        Metadata = RawJson.Of(head.MetadataJson ?? "{}"),
        Revision = head.Revision,
        AsOf = head.AsOf,
        HydratedAt = head.HydratedAt,
        Blockers = [.. head.Blockers.Select(b => BlockerDto.Of(b, findReview(b)))],
        Usage = ObjectFields.Find(head.Object, "usage"),
        Resource = new RawJson(head.Object),
    };
}

/// <summary>The agent of a session.</summary>
internal sealed record AgentDto(string? Id, string? Name);

/// <summary>One thing a session waits on.</summary>
internal sealed record BlockerDto
{
    public required string BlockingEventId { get; init; }
    public required string Kind { get; init; }
    public string? ToolName { get; init; }
    public string? ReviewId { get; init; }
    public DateTimeOffset? Since { get; init; }

    public static BlockerDto Of(Blocker blocker, string? reviewId) => new()
    {
        BlockingEventId = blocker.BlockingEventId,
        Kind = blocker.Kind,
        ToolName = blocker.ToolName,
        ReviewId = reviewId,
        Since = blocker.Since,
    };
}
