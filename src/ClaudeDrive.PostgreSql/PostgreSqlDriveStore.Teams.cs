using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Rows;

namespace ClaudeDrive.PostgreSql;

/// <content>Teams, their members and grants. Changes are few: one after the other over all nodes, in transactions of several round trips.</content>
internal sealed partial class PostgreSqlDriveStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Team>> ListTeamsAsync(CancellationToken cancellationToken) =>
        TransactAsync<IReadOnlyList<Team>>(async work => await ReadTeamsAsync(work, Use("ListTeams")).ConfigureAwait(false), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Team?> FindTeamAsync(string teamId, CancellationToken cancellationToken) =>
        TransactAsync(work => FindTeamAsync(work, teamId), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Team>> ListTeamsOfAsync(string subject, CancellationToken cancellationToken) => TransactAsync<IReadOnlyList<Team>>(
        async work => await ReadTeamsAsync(work, Use("ListTeamsOf").Set("subject", subject)).ConfigureAwait(false), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccessResult<Team>> CreateTeamAsync(Deed deed, string teamId, string name, CancellationToken cancellationToken) =>
        ChangeAccessAsync<AccessResult<Team>>(
            async work =>
            {
                var teams = await work.ReadAllAsync(Use("ListTeams"), AccessRows.ReadTeam).ConfigureAwait(false);
                if (teams.Exists(team => team.Name == name))
                {
                    return AccessRefusal.NameTaken;
                }

                if (teams.Count >= AccessLimits.Teams)
                {
                    return AccessRefusal.TooMany;
                }

                var made = await work.ReadFirstAsync(
                    Use("InsertTeam").Set("now", Now).Set("team_id", teamId).Set("name", name), AccessRows.ReadTeam).ConfigureAwait(false);
                await AuditAsync(work, AccessAudit.TeamCreated(deed, made!)).ConfigureAwait(false);
                return made!;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteTeamAsync(Deed deed, string teamId, CancellationToken cancellationToken) => ChangeAccessAsync(
        async work =>
        {
            if (await FindTeamAsync(work, teamId).ConfigureAwait(false) is not { } team)
            {
                return false;
            }

            await work.RunAsync(Use("DeleteTeam").Set("team_id", teamId)).ConfigureAwait(false);
            await AuditAsync(work, AccessAudit.TeamDeleted(deed, team)).ConfigureAwait(false);
            foreach (var key in await work.ReadAllAsync(Use("KeysOfTeam").Set("team_id", teamId), AccessRows.ReadKey).ConfigureAwait(false))
            {
                await RevokeAsync(work, deed, key.KeyId).ConfigureAwait(false);
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccessResult<Team>> AddMemberAsync(Deed deed, string teamId, string subject, CancellationToken cancellationToken) =>
        ChangeAccessAsync<AccessResult<Team>>(
            async work =>
            {
                if (await FindTeamAsync(work, teamId).ConfigureAwait(false) is not { } team)
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

                var at = await work.ReadFirstAsync(
                    Use("InsertMember").Set("now", Now).Set("team_id", teamId).Set("subject", subject), static row => row.Instant()).ConfigureAwait(false);
                await AuditAsync(work, AccessAudit.MemberAdded(deed, teamId, subject)).ConfigureAwait(false);
                return team with { Members = [.. team.Members, new TeamMember(subject, at)] };
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveMemberAsync(Deed deed, string teamId, string subject, CancellationToken cancellationToken) => ChangeAccessAsync(
        async work =>
        {
            var removed = await work.ReadFirstAsync(
                Use("DeleteMember").Set("team_id", teamId).Set("subject", subject), static row => row.Truth()).ConfigureAwait(false);
            if (removed)
            {
                await AuditAsync(work, AccessAudit.MemberRemoved(deed, teamId, subject)).ConfigureAwait(false);
            }

            return removed;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccessResult<TeamGrant>> AddGrantAsync(
        Deed deed, string teamId, string grantId, Grant grant, CancellationToken cancellationToken) => ChangeAccessAsync<AccessResult<TeamGrant>>(
        async work =>
        {
            if (await FindTeamAsync(work, teamId).ConfigureAwait(false) is not { } team)
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

            var at = await work.ReadFirstAsync(BindGrant(Use("InsertGrant"), teamId, grantId, grant), static row => row.Instant()).ConfigureAwait(false);
            var added = new TeamGrant(grantId, grant, at);
            await AuditAsync(work, AccessAudit.GrantAdded(deed, teamId, added)).ConfigureAwait(false);
            return added;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveGrantAsync(Deed deed, string teamId, string grantId, CancellationToken cancellationToken) => ChangeAccessAsync(
        async work =>
        {
            var team = await FindTeamAsync(work, teamId).ConfigureAwait(false);
            if (team?.Grants.FirstOrDefault(known => known.GrantId == grantId) is not { } removed)
            {
                return false;
            }

            await work.RunAsync(Use("DeleteGrant").Set("team_id", teamId).Set("grant_id", grantId)).ConfigureAwait(false);
            await AuditAsync(work, AccessAudit.GrantRemoved(deed, teamId, removed)).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    private ValueTask<T> TransactAsync<T>(Func<PostgreSqlTransaction, ValueTask<T>> work, CancellationToken cancellationToken) =>
        Calls.TransactAsync(work, cancellationToken);

    /// <summary>A change of teams or keys: after those before it, on whatever node.</summary>
    private ValueTask<T> ChangeAccessAsync<T>(Func<PostgreSqlTransaction, ValueTask<T>> change, CancellationToken cancellationToken) => TransactAsync(
        async work =>
        {
            await work.RunAsync(Use("LockAccess")).ConfigureAwait(false);
            return await change(work).ConfigureAwait(false);
        },
        cancellationToken);

    private ValueTask AuditAsync(PostgreSqlTransaction work, AuditDraft what) => work.RunAsync(BindAudit(Use("AppendAudit"), what));

    private async ValueTask<Team?> FindTeamAsync(PostgreSqlTransaction work, string teamId) =>
        (await ReadTeamsAsync(work, Use("FindTeams").Set("team_id", teamId)).ConfigureAwait(false)).FirstOrDefault();

    private async ValueTask<List<Team>> ReadTeamsAsync(PostgreSqlTransaction work, Statement list)
    {
        var teams = await work.ReadAllAsync(list, AccessRows.ReadTeam).ConfigureAwait(false);
        var ids = teams.ConvertAll(static team => (string?)team.TeamId);
        return AccessRows.Join(
            teams,
            await work.ReadAllAsync(Use("MembersOfTeams").Set("team_ids", ids), AccessRows.ReadMember).ConfigureAwait(false),
            await work.ReadAllAsync(Use("GrantsOfTeams").Set("team_ids", ids), AccessRows.ReadGrant).ConfigureAwait(false));
    }

    private Statement BindGrant(Statement insert, string teamId, string grantId, Grant grant) => insert
        .Set("now", Now)
        .Set("team_id", teamId)
        .Set("grant_id", grantId)
        .Set("role", (int?)grant.Role)
        .Set("organization_id", grant.Scope.OrganizationId)
        .Set("workspace_id", grant.Scope.WorkspaceId)
        .Set("agent_id", grant.Scope.AgentId)
        .Set("tag_key", grant.Scope.Tag?.Key)
        .Set("tag_value", grant.Scope.Tag?.Value);
}
