using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.Sqlite.Rows;
using ClaudeDrive.Sqlite.Writing;

namespace ClaudeDrive.Sqlite;

/// <content>Teams, their members and grants.</content>
internal sealed partial class SqliteDriveStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Team>> ListTeamsAsync(CancellationToken cancellationToken) => ReadAsync(
        IReadOnlyList<Team> (database) =>
        {
            using var rows = database.Use("ListTeams");
            return AccessRows.ReadTeams(database, rows);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Team?> FindTeamAsync(string teamId, CancellationToken cancellationToken) =>
        ReadAsync(database => AccessRows.FindTeam(database, teamId), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Team>> ListTeamsOfAsync(string subject, CancellationToken cancellationToken) => ReadAsync(
        IReadOnlyList<Team> (database) =>
        {
            using var rows = database.Use("ListTeamsOf").Set("subject", subject);
            return AccessRows.ReadTeams(database, rows);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccessResult<Team>> CreateTeamAsync(Deed deed, string teamId, string name, CancellationToken cancellationToken) => WriteAsync(
        AccessResult<Team> (scope) =>
        {
            using (var insert = scope.Database.Use("InsertTeam"))
            {
                if (insert.Set("team_id", teamId).Set("name", name).Set("now", scope.Now).Run() == 0)
                {
                    return AccessRefusal.NameTaken;
                }
            }

            using (var count = scope.Database.Use("CountTeams"))
            {
                if (PageCut.ReadNumber(count) > AccessLimits.Teams)
                {
                    using var undo = scope.Database.Use("DeleteTeam");
                    undo.Set("team_id", teamId).Run();
                    return AccessRefusal.TooMany;
                }
            }

            var team = AccessRows.FindTeam(scope.Database, teamId)!;
            AuditWriting.Append(scope, AccessAudit.TeamCreated(deed, team));
            return team;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteTeamAsync(Deed deed, string teamId, CancellationToken cancellationToken) => WriteAsync(
        scope =>
        {
            if (AccessRows.FindTeam(scope.Database, teamId) is not { } team)
            {
                return false;
            }

            foreach (var name in (ReadOnlySpan<string>)["DeleteMembers", "DeleteGrants", "DeleteTeam"])
            {
                using var delete = scope.Database.Use(name);
                delete.Set("team_id", teamId).Run();
            }

            AuditWriting.Append(scope, AccessAudit.TeamDeleted(deed, team));
            foreach (var key in KeysOf(scope, teamId))
            {
                Revoke(scope, deed, key);
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccessResult<Team>> AddMemberAsync(Deed deed, string teamId, string subject, CancellationToken cancellationToken) => WriteAsync(
        AccessResult<Team> (scope) =>
        {
            if (AccessRows.FindTeam(scope.Database, teamId) is not { } team)
            {
                return AccessRefusal.Unknown;
            }

            if (team.Members.Any(member => member.Subject == subject))
            {
                return team;
            }

            if (team.Members.Count >= AccessLimits.Members)
            {
                return AccessRefusal.TooMany;
            }

            using (var insert = scope.Database.Use("InsertMember"))
            {
                insert.Set("team_id", teamId).Set("subject", subject).Set("now", scope.Now).Run();
            }

            AuditWriting.Append(scope, AccessAudit.MemberAdded(deed, teamId, subject));
            return AccessRows.FindTeam(scope.Database, teamId)!;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveMemberAsync(Deed deed, string teamId, string subject, CancellationToken cancellationToken) => WriteAsync(
        scope =>
        {
            using var delete = scope.Database.Use("DeleteMember");
            if (delete.Set("team_id", teamId).Set("subject", subject).Run() == 0)
            {
                return false;
            }

            AuditWriting.Append(scope, AccessAudit.MemberRemoved(deed, teamId, subject));
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccessResult<TeamGrant>> AddGrantAsync(
        Deed deed, string teamId, string grantId, Grant grant, CancellationToken cancellationToken) => WriteAsync(
        AccessResult<TeamGrant> (scope) =>
        {
            if (AccessRows.FindTeam(scope.Database, teamId) is not { } team)
            {
                return AccessRefusal.Unknown;
            }

            if (team.Grants.FirstOrDefault(known => known.Grant == grant) is { } same)
            {
                return same;
            }

            if (team.Grants.Count >= AccessLimits.Grants)
            {
                return AccessRefusal.TooMany;
            }

            InsertGrant(scope, teamId, grantId, grant);
            var added = new TeamGrant(grantId, grant, scope.Now);
            AuditWriting.Append(scope, AccessAudit.GrantAdded(deed, teamId, added));
            return added;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveGrantAsync(Deed deed, string teamId, string grantId, CancellationToken cancellationToken) => WriteAsync(
        scope =>
        {
            if (AccessRows.FindTeam(scope.Database, teamId)?.Grants.FirstOrDefault(known => known.GrantId == grantId) is not { } removed)
            {
                return false;
            }

            using var delete = scope.Database.Use("DeleteGrant");
            delete.Set("team_id", teamId).Set("grant_id", grantId).Run();
            AuditWriting.Append(scope, AccessAudit.GrantRemoved(deed, teamId, removed));
            return true;
        },
        cancellationToken);

    private static void InsertGrant(WriteScope scope, string teamId, string grantId, Grant grant)
    {
        using var insert = scope.Database.Use("InsertGrant");
        insert.Set("team_id", teamId)
            .Set("grant_id", grantId)
            .Set("role", (long)grant.Role)
            .Set("organization_id", grant.Scope.OrganizationId)
            .Set("workspace_id", grant.Scope.WorkspaceId)
            .Set("agent_id", grant.Scope.AgentId)
            .Set("tag_key", grant.Scope.Tag?.Key)
            .Set("tag_value", grant.Scope.Tag?.Value)
            .Set("now", scope.Now)
            .Run();
    }
}
