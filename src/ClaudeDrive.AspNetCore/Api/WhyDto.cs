using System.Text.Json.Serialization;
using ClaudeDrive.Access;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Why the caller sees something: grants that match, and openings by break-glass.</summary>
internal sealed record WhyDto(string Resource, PlaceDto Place, CallerRole Role, IReadOnlyList<ReasonDto> Grants, IReadOnlyList<string> BreakGlass);

/// <summary>A grant that matches, and where it comes from; without a team it is the key's own.</summary>
internal sealed record ReasonDto : GrantDto
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TeamId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GrantId { get; init; }

    public static ReasonDto Of(Grant grant, string? teamId = null, string? grantId = null)
    {
        var of = GrantDto.Of(grant);
        return new ReasonDto
        {
            TeamId = teamId,
            GrantId = grantId,
            Role = of.Role,
            OrganizationId = of.OrganizationId,
            WorkspaceId = of.WorkspaceId,
            AgentId = of.AgentId,
            Metadata = of.Metadata,
        };
    }
}
