using ClaudeDrive.Access;
using ClaudeDrive.Audit;

namespace ClaudeDrive.Storage.InMemory;

/// <content>Teams, their members and grants.</content>
internal sealed partial class InMemoryDriveStore
{
    private readonly Dictionary<string, Team> _teams = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Team>> ListTeamsAsync(CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(TeamsInOrder(static _ => true));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Team?> FindTeamAsync(string teamId, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(_teams.GetValueOrDefault(teamId));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Team>> ListTeamsOfAsync(string subject, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(TeamsInOrder(team => team.Members.Any(member => member.Subject == subject)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<AccessResult<Team>> CreateTeamAsync(Deed deed, string teamId, string name, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            if (_teams.Values.Any(team => team.Name == name))
            {
                return ValueTask.FromResult<AccessResult<Team>>(AccessRefusal.NameTaken);
            }

            if (_teams.Count >= AccessLimits.Teams)
            {
                return ValueTask.FromResult<AccessResult<Team>>(AccessRefusal.TooMany);
            }

            var team = new Team { TeamId = teamId, Name = name, CreatedAt = time.GetUtcNow() };
            _teams.Add(teamId, team);
            Audit(AccessAudit.TeamCreated(deed, team));
            return ValueTask.FromResult<AccessResult<Team>>(team);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteTeamAsync(Deed deed, string teamId, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            if (!_teams.Remove(teamId, out var team))
            {
                return ValueTask.FromResult(false);
            }

            Audit(AccessAudit.TeamDeleted(deed, team));
            foreach (var key in _keys.Values.Where(key => key.TeamId == teamId && key.RevokedAt is null).OrderBy(key => key.KeyId, StringComparer.Ordinal).ToList())
            {
                Revoke(deed, key);
            }

            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<AccessResult<Team>> AddMemberAsync(Deed deed, string teamId, string subject, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            if (!_teams.TryGetValue(teamId, out var team))
            {
                return ValueTask.FromResult<AccessResult<Team>>(AccessRefusal.Unknown);
            }

            if (team.Members.Any(member => member.Subject == subject))
            {
                return ValueTask.FromResult<AccessResult<Team>>(team);
            }

            if (team.Members.Count >= AccessLimits.Members)
            {
                return ValueTask.FromResult<AccessResult<Team>>(AccessRefusal.TooMany);
            }

            team = team with { Members = [.. team.Members, new TeamMember(subject, time.GetUtcNow())] };
            _teams[teamId] = team;
            Audit(AccessAudit.MemberAdded(deed, teamId, subject));
            return ValueTask.FromResult<AccessResult<Team>>(team);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> RemoveMemberAsync(Deed deed, string teamId, string subject, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            if (!_teams.TryGetValue(teamId, out var team) || !team.Members.Any(member => member.Subject == subject))
            {
                return ValueTask.FromResult(false);
            }

            _teams[teamId] = team with { Members = [.. team.Members.Where(member => member.Subject != subject)] };
            Audit(AccessAudit.MemberRemoved(deed, teamId, subject));
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<AccessResult<TeamGrant>> AddGrantAsync(
        Deed deed, string teamId, string grantId, Grant grant, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            if (!_teams.TryGetValue(teamId, out var team))
            {
                return ValueTask.FromResult<AccessResult<TeamGrant>>(AccessRefusal.Unknown);
            }

            if (team.Grants.FirstOrDefault(known => known.Grant == grant) is { } same)
            {
                return ValueTask.FromResult<AccessResult<TeamGrant>>(same);
            }

            if (team.Grants.Count >= AccessLimits.Grants)
            {
                return ValueTask.FromResult<AccessResult<TeamGrant>>(AccessRefusal.TooMany);
            }

            var added = new TeamGrant(grantId, grant, time.GetUtcNow());
            _teams[teamId] = team with { Grants = [.. team.Grants, added] };
            Audit(AccessAudit.GrantAdded(deed, teamId, added));
            return ValueTask.FromResult<AccessResult<TeamGrant>>(added);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> RemoveGrantAsync(Deed deed, string teamId, string grantId, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            if (!_teams.TryGetValue(teamId, out var team) || team.Grants.FirstOrDefault(known => known.GrantId == grantId) is not { } removed)
            {
                return ValueTask.FromResult(false);
            }

            _teams[teamId] = team with { Grants = [.. team.Grants.Where(known => known.GrantId != grantId)] };
            Audit(AccessAudit.GrantRemoved(deed, teamId, removed));
            return ValueTask.FromResult(true);
        }
    }

    private IReadOnlyList<Team> TeamsInOrder(Func<Team, bool> which) =>
        [.. _teams.Values.Where(which).OrderBy(static team => team.CreatedAt).ThenBy(static team => team.TeamId, StringComparer.Ordinal)];
}
