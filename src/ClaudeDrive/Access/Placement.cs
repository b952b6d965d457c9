namespace ClaudeDrive.Access;

/// <summary>Where a resource belongs now: what grants are compared with. Null where it is unknown, or where the resource has no such thing.</summary>
/// <param name="OrganizationId">Its organization.</param>
/// <param name="WorkspaceId">Its workspace.</param>
/// <param name="AgentId">Its agent.</param>
/// <param name="Tags">Its metadata pairs.</param>
internal sealed record Placement(string? OrganizationId, string? WorkspaceId, string? AgentId, IReadOnlyList<MetadataTag> Tags)
{
    /// <summary>The place of what no context tells about: only its own organization and workspace are known. Agents and metadata match nothing then.</summary>
    public static Placement Bare(string? organizationId, string? workspaceId) => new(organizationId, workspaceId, null, []);
}
