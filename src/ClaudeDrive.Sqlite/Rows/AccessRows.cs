using ClaudeDrive.Access;
using ClaudeDrive.Sqlite.Connections;

namespace ClaudeDrive.Sqlite.Rows;

/// <summary>Reads teams, grants and keys, in the order of their columns.</summary>
internal static class AccessRows
{
    /// <summary>The teams of a statement, each with its members and grants.</summary>
    public static List<Team> ReadTeams(SqliteDatabase database, SqliteStatement rows)
    {
        var teams = PageCut.ReadAll(rows, static row => new Team { TeamId = row.Text(), Name = row.Text(), CreatedAt = row.Instant() });
        return teams.ConvertAll(team => Fill(database, team));
    }

    /// <summary>One team; null when unknown.</summary>
    public static Team? FindTeam(SqliteDatabase database, string teamId)
    {
        using var find = database.Use("FindTeam").Set("team_id", teamId);
        return ReadTeams(database, find).FirstOrDefault();
    }

    /// <summary>One key.</summary>
    public static AccessKey ReadKey(SqliteStatement row) => new()
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

    /// <summary>One key by its id; null when unknown.</summary>
    public static AccessKey? FindKey(SqliteDatabase database, string keyId)
    {
        using var find = database.Use("FindKey").Set("key_id", keyId);
        return find.Step() ? ReadKey(find) : null;
    }

    private static Team Fill(SqliteDatabase database, Team team)
    {
        using var members = database.Use("MembersOfTeam").Set("team_id", team.TeamId);
        using var grants = database.Use("GrantsOfTeam").Set("team_id", team.TeamId);
        return team with
        {
            Members = PageCut.ReadAll(members, static row => new TeamMember(row.Text(), row.Instant())),
            Grants = PageCut.ReadAll(grants, ReadGrant),
        };
    }

    private static TeamGrant ReadGrant(SqliteStatement row)
    {
        var grantId = row.Text();
        var role = (CallerRole)row.Int32();
        var scope = new Scope { OrganizationId = row.TextOrNull(), WorkspaceId = row.TextOrNull(), AgentId = row.TextOrNull() };
        var (key, value) = (row.TextOrNull(), row.TextOrNull());
        return new TeamGrant(grantId, new Grant(role, key is null ? scope : scope with { Tag = new MetadataTag(key, value!) }), row.Instant());
    }
}
