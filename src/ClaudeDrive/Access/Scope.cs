namespace ClaudeDrive.Access;

/// <summary>What a grant covers: all that are named must match; none named covers everything (contract §3).</summary>
internal sealed record Scope
{
    /// <summary>Names nothing.</summary>
    public static Scope Everything { get; } = new();

    /// <summary>Exact organization; null: any, or none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Exact workspace; null: any, or none.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>Exact agent; null: any, or none.</summary>
    public string? AgentId { get; init; }

    /// <summary>A metadata pair that must be there; null: whatever the metadata.</summary>
    public MetadataTag? Tag { get; init; }

    /// <summary>True when nothing is named.</summary>
    public bool IsEverything => this == Everything;

    /// <summary>True when what belongs there is covered.</summary>
    public bool Matches(Placement placement) =>
        (OrganizationId is null || OrganizationId == placement.OrganizationId)
        && (WorkspaceId is null || WorkspaceId == placement.WorkspaceId)
        && (AgentId is null || AgentId == placement.AgentId)
        && (Tag is not { } tag || placement.Tags.Contains(tag));

    /// <summary>True when whatever <paramref name="other"/> covers is covered by this one, whatever the world looks like.</summary>
    public bool Covers(Scope other) =>
        (OrganizationId is null || OrganizationId == other.OrganizationId)
        && (WorkspaceId is null || WorkspaceId == other.WorkspaceId)
        && (AgentId is null || AgentId == other.AgentId)
        && (Tag is null || Tag == other.Tag);

    /// <summary>
    /// True when no resource can be covered by both: they name different organizations, workspaces or agents. Different values of one metadata key
    /// do not count: an object may repeat a name.
    /// </summary>
    public bool IsApartFrom(Scope other) =>
        Differ(OrganizationId, other.OrganizationId) || Differ(WorkspaceId, other.WorkspaceId) || Differ(AgentId, other.AgentId);

    private static bool Differ(string? one, string? two) => one is not null && two is not null && one != two;
}
