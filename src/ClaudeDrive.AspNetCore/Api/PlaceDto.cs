using ClaudeDrive.Access;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Where something belongs now.</summary>
internal sealed record PlaceDto(string? OrganizationId, string? WorkspaceId, string? AgentId, IReadOnlyList<TagDto> Metadata)
{
    public static PlaceDto Of(Placement place) =>
        new(place.OrganizationId, place.WorkspaceId, place.AgentId, [.. place.Tags.Select(static tag => new TagDto(tag.Key, tag.Value))]);
}
