using ClaudeDrive.Audit;
using ClaudeDrive.Sqlite.Connections;

namespace ClaudeDrive.Sqlite.Writing;

/// <summary>Appends to the audit log, inside the transaction of what is audited. The one writer makes the one chain.</summary>
internal static class AuditWriting
{
    /// <summary>The end of the log.</summary>
    public static AuditHead FindHead(SqliteDatabase database)
    {
        using var find = database.Use("FindAuditHead");
        return find.Step() ? new AuditHead(find.Int64(), find.Text()) : AuditHead.Empty;
    }

    /// <summary>Appends a row.</summary>
    public static AuditEntry Append(WriteScope scope, AuditDraft what)
    {
        var entry = AuditHash.Link(FindHead(scope.Database), what, scope.Now);
        using (var insert = scope.Database.Use("InsertAudit"))
        {
            insert.Set("seq", entry.Seq)
                .Set("at", entry.At)
                .Set("actor", what.Actor)
                .Set("node", what.Node)
                .Set("remote_ip", what.RemoteIp)
                .Set("action", what.Action)
                .Set("resource", what.Resource)
                .Set("reason", what.Reason)
                .Set("before", what.Before)
                .Set("after", what.After)
                .Set("previous_hash", entry.PreviousHash)
                .Set("hash", entry.Hash)
                .Run();
        }

        using var head = scope.Database.Use("PutAuditHead");
        head.Set("seq", entry.Seq).Set("hash", entry.Hash).Run();
        return entry;
    }
}
