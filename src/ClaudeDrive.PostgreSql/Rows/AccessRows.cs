using ClaudeDrive.Access;
using ClaudeDrive.PostgreSql.Connections;

namespace ClaudeDrive.PostgreSql.Rows;

/// <summary>Reads teams, grants and keys, in the order of their columns.</summary>
internal static class AccessRows
{
    /// <summary>One team, still without members and grants.</summary>
    public static Team ReadTeam(Row row) => new() { TeamId = row.Text(), Name = row.Text(), CreatedAt = row.Instant() };

    /// <summary>One member, with the team's id.</summary>
    public static (string TeamId, TeamMember Member) ReadMember(Row row) => (row.Text(), new TeamMember(row.Text(), row.Instant()));

    /// <summary>One grant, with the team's id.</summary>
    public static (string TeamId, TeamGrant Grant) ReadGrant(Row row)
    {
        var (teamId, grantId, role) = (row.Text(), row.Text(), (CallerRole)row.Int32());
        var scope = new Scope { OrganizationId = row.TextOrNull(), WorkspaceId = row.TextOrNull(), AgentId = row.TextOrNull() };
        var (key, value) = (row.TextOrNull(), row.TextOrNull());
        scope = key is null ? scope : scope with { Tag = new MetadataTag(key, value!) };
        return (teamId, new TeamGrant(grantId, new Grant(role, scope), row.Instant()));
    }

    /// <summary>The teams with their members and grants.</summary>
    public static List<Team> Join(
        IReadOnlyList<Team> teams, IReadOnlyList<(string TeamId, TeamMember Member)> members, IReadOnlyList<(string TeamId, TeamGrant Grant)> grants)
    {
        var (membersOf, grantsOf) = (members.ToLookup(static m => m.TeamId, static m => m.Member), grants.ToLookup(static g => g.TeamId, static g => g.Grant));
        return [.. teams.Select(team => team with { Members = [.. membersOf[team.TeamId]], Grants = [.. grantsOf[team.TeamId]] })];
    }

    /// <summary>One key.</summary>
    public static AccessKey ReadKey(Row row) => new()
    {
        KeyId = row.Text(),
        Prefix = row.Text(),
        Hash = row.Bytes(),
        Name = row.Text(),
        TeamId = row.TextOrNull(),
        Role = (CallerRole)row.Int32(),
        CreatedAt = row.Instant(),
        CreatedBy = row.Text(),
        ExpiresAt = row.InstantOrNull(),
        LastUsedAt = row.InstantOrNull(),
        RevokedAt = row.InstantOrNull(),
    };
}
