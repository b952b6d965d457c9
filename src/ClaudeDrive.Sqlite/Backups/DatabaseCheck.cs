using System.Globalization;
using ClaudeDrive.Contexts;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Sqlite.Rows;

namespace ClaudeDrive.Sqlite.Backups;

/// <summary>Says whether a copied database is whole: its pages, its schema, its counters and the newest revisions' hashes.</summary>
internal static class DatabaseCheck
{
    /// <summary>Newest revisions whose hashes are computed again. Chosen: all would cost as much as the backup.</summary>
    private const int Revisions = 1000;

    /// <summary>Checks a copy that nobody uses. Throws <see cref="BackupException"/> with what is wrong.</summary>
    public static (int Schema, long Events, long Revisions) Run(string path)
    {
        try
        {
            using var database = SqliteDatabase.OpenForReading(path);
            Expect(ReadText(database, "PRAGMA integrity_check") == "ok", "its pages are damaged");
            var schema = (int)database.ReadNumber("PRAGMA user_version");
            Expect(schema > 0, "it is no database of this program");
            Expect(
                schema <= SqliteMigrations.Known.Count,
                string.Create(CultureInfo.InvariantCulture, $"its schema is version {schema}, this program knows versions up to {SqliteMigrations.Known.Count}"));
            var events = database.ReadNumber("SELECT count(*) FROM events");
            Expect(events == database.ReadNumber("SELECT coalesce(sum(value), 0) FROM counters WHERE name GLOB 'events/*'"), "its counters do not agree with its events");
            var newest = database.ReadNumber("SELECT coalesce(max(seq), 0) FROM revisions");
            CheckRevisions(database, newest);
            return (schema, events, newest);
        }
        catch (SqliteFailure e)
        {
            throw new BackupException($"The database {path} cannot be read: {e.Message}");
        }

        void Expect(bool holds, string problem)
        {
            if (!holds)
            {
                throw new BackupException($"The database {path} cannot be used: {problem}.");
            }
        }
    }

    private static void CheckRevisions(SqliteDatabase database, long newest)
    {
        using var rows = database.Use("ReadRevisions").Set("after", newest - Revisions).Set("limit", (long)Revisions);
        while (rows.Step())
        {
            var revision = ContextRows.ReadRevision(rows);
            if (!RevisionHash.Verify(revision, HashBefore(database, revision)))
            {
                throw new BackupException($"Revision {revision.Number} of {revision.Resource} does not fit its hash, or not the revision before.");
            }
        }
    }

    private static string HashBefore(SqliteDatabase database, ContextRevision revision)
    {
        if (revision.Number == 1)
        {
            return RevisionHash.Genesis;
        }

        using var find = database.Use("FindRevision")
            .Set("resource_id", revision.Resource.Id).Set("resource_type", revision.Resource.Type).Set("number", (long)revision.Number - 1);
        return find.Step() ? ContextRows.ReadRevision(find).Hash : "";
    }

    private static string ReadText(SqliteDatabase database, string sql)
    {
        using var statement = new SqliteStatement(database.Handle, sql, kept: false);
        return statement.Step() ? statement.Text() : "";
    }
}
