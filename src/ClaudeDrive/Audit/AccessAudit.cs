using System.Globalization;
using ClaudeDrive.Access;

namespace ClaudeDrive.Audit;

/// <summary>The rows of changes to teams and keys, worded once for all stores.</summary>
internal static class AccessAudit
{
    public static AuditDraft TeamCreated(Deed deed, Team team) =>
        AuditDraft.Of(deed, AuditActions.TeamCreated, Name(team.TeamId), after: AuditText.Of(("name", team.Name)));

    public static AuditDraft TeamDeleted(Deed deed, Team team) => AuditDraft.Of(
        deed,
        AuditActions.TeamDeleted,
        Name(team.TeamId),
        before: AuditText.Of(("name", team.Name), ("members", Number(team.Members.Count)), ("grants", Number(team.Grants.Count))));

    public static AuditDraft MemberAdded(Deed deed, string teamId, string subject) =>
        AuditDraft.Of(deed, AuditActions.MemberAdded, Name(teamId), after: AuditText.Of(("subject", subject)));

    public static AuditDraft MemberRemoved(Deed deed, string teamId, string subject) =>
        AuditDraft.Of(deed, AuditActions.MemberRemoved, Name(teamId), before: AuditText.Of(("subject", subject)));

    public static AuditDraft GrantAdded(Deed deed, string teamId, TeamGrant grant) =>
        AuditDraft.Of(deed, AuditActions.GrantAdded, Name(teamId), after: AuditText.Of(grant));

    public static AuditDraft GrantRemoved(Deed deed, string teamId, TeamGrant grant) =>
        AuditDraft.Of(deed, AuditActions.GrantRemoved, Name(teamId), before: AuditText.Of(grant));

    public static AuditDraft KeyCreated(Deed deed, AccessKey key) =>
        AuditDraft.Of(deed, AuditActions.KeyCreated, $"key/{key.KeyId}", after: AuditText.Of(key));

    public static AuditDraft KeyRevoked(Deed deed, AccessKey key) =>
        AuditDraft.Of(deed, AuditActions.KeyRevoked, $"key/{key.KeyId}", before: AuditText.Of(key));

    private static string Name(string teamId) => $"team/{teamId}";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
