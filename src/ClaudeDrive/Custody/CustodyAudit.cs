using System.Globalization;
using ClaudeDrive.Access;
using ClaudeDrive.Audit;

namespace ClaudeDrive.Custody;

/// <summary>The rows about holds and dropped content, worded once for all stores.</summary>
internal static class CustodyAudit
{
    public static AuditDraft HoldSet(Deed deed, Hold hold) => AuditDraft.Of(deed, AuditActions.HoldSet, $"hold/{hold.HoldId}", after: Text(hold));

    public static AuditDraft HoldLifted(Deed deed, Hold hold) => AuditDraft.Of(deed, AuditActions.HoldLifted, $"hold/{hold.HoldId}", before: Text(hold));

    /// <summary>The last hash of the chain stands in the log, so that the emptied chain can be compared with it.</summary>
    public static AuditDraft ContentDropped(string sessionId, int revisions, string revisionHash) => AuditDraft.Of(
        Deed.OfProgram with { Reason = "deleted, and kept long enough" },
        AuditActions.ContentDropped,
        $"session/{sessionId}",
        after: AuditText.Of(("revisions", revisions.ToString(CultureInfo.InvariantCulture)), ("revision_hash", revisionHash)));

    /// <summary>A scope as the API names it.</summary>
    public static string ScopeName(HoldScope scope) => scope switch
    {
        HoldScope.Everything => "everything",
        HoldScope.Workspace => "workspace",
        HoldScope.Session => "session",
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "Not a scope."),
    };

    private static string Text(Hold hold) => AuditText.Of(("scope", ScopeName(hold.Scope)), ("target", hold.Target), ("reason", hold.Reason));
}
