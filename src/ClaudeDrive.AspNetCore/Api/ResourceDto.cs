using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Contexts;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>The context of a resource of any kind.</summary>
internal sealed record ResourceDto
{
    public required string ResourceType { get; init; }
    public required string ResourceId { get; init; }
    public string? ParentId { get; init; }
    public required string Status { get; init; }
    public string? Title { get; init; }
    public string? WorkspaceId { get; init; }
    public string? OrganizationId { get; init; }
    public required int Revision { get; init; }
    public required DateTimeOffset AsOf { get; init; }
    public required DateTimeOffset HydratedAt { get; init; }

    /// <summary>The object as fetched; the last known one when it is gone.</summary>
    public RawJson Resource { get; init; }

    public static ResourceDto Of(ContextHead head) => new()
    {
        ResourceType = head.Resource.Type,
        ResourceId = head.Resource.Id,
        ParentId = head.ParentId,
        Status = head.Status,
        Title = head.Title,
        WorkspaceId = head.WorkspaceId,
        OrganizationId = head.OrganizationId,
        Revision = head.Revision,
        AsOf = head.AsOf,
        HydratedAt = head.HydratedAt,
        Resource = new RawJson(head.Object),
    };
}
