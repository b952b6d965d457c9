using ClaudeDrive.Access;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>A team, whole.</summary>
internal sealed record TeamDto
{
    public required string TeamId { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required IReadOnlyList<MemberDto> Members { get; init; }

    public required IReadOnlyList<TeamGrantDto> Grants { get; init; }

    public static TeamDto Of(Team team) => new()
    {
        TeamId = team.TeamId,
        Name = team.Name,
        CreatedAt = team.CreatedAt,
        Members = [.. team.Members.Select(MemberDto.Of)],
        Grants = [.. team.Grants.Select(TeamGrantDto.Of)],
    };
}

/// <summary>Somebody in a team.</summary>
internal sealed record MemberDto(string Subject, DateTimeOffset AddedAt)
{
    public static MemberDto Of(TeamMember member) => new(member.Subject, member.AddedAt);
}

/// <summary>A grant of a team.</summary>
internal sealed record TeamGrantDto : GrantDto
{
    public required string GrantId { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    public static TeamGrantDto Of(TeamGrant granted)
    {
        var of = GrantDto.Of(granted.Grant);
        return new TeamGrantDto
        {
            GrantId = granted.GrantId,
            AddedAt = granted.AddedAt,
            Role = of.Role,
            OrganizationId = of.OrganizationId,
            WorkspaceId = of.WorkspaceId,
            AgentId = of.AgentId,
            Metadata = of.Metadata,
        };
    }
}

/// <summary>Body of a new team.</summary>
internal sealed record TeamBody(string Name, string? Reason);

/// <summary>Body of a new member.</summary>
internal sealed record MemberBody(string Subject, string? Reason);
