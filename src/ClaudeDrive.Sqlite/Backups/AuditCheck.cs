using ClaudeDrive.Audit;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Sqlite.Writing;

namespace ClaudeDrive.Sqlite.Backups;

/// <summary>Checks the audit log of a data directory, the server running or not; changes nothing.</summary>
internal static class AuditCheck
{
    /// <summary>Rows read at once.</summary>
    private const int Portion = 500;

    /// <summary>The end of the log and what is wrong with it, if anything. Throws <see cref="BackupException"/> when the database cannot be read.</summary>
    public static (AuditHead End, AuditFault? Fault) Run(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, BackupFiles.Database);
        if (!File.Exists(path))
        {
            throw new BackupException($"There is no database {path}.");
        }

        try
        {
            using var database = SqliteDatabase.OpenForReading(path);

            // The end first: rows that come meanwhile only lie behind it.
            var head = AuditWriting.FindHead(database);
            var chain = new AuditChain();
            while (chain.End.Seq < head.Seq)
            {
                var rows = Read(database, chain.End.Seq);
                if (rows.Count == 0)
                {
                    break;
                }

                foreach (var row in rows)
                {
                    if (chain.Check(row) is { } fault)
                    {
                        return (chain.End, fault);
                    }
                }
            }

            return (chain.End, chain.Finish(head));
        }
        catch (SqliteFailure e)
        {
            throw new BackupException($"The database {path} cannot be read: {e.Message}");
        }
    }

    private static List<AuditEntry> Read(SqliteDatabase database, long after)
    {
        using var rows = database.Use("ReadAudit").Set("after", after).Set("limit", (long)Portion);
        var read = new List<AuditEntry>();
        while (rows.Step())
        {
            read.Add(SqliteDriveStore.ReadAudit(rows));
        }

        return read;
    }
}
