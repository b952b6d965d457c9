using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Sqlite.Connections;

/// <summary>
/// Brings the schema to this program's version: forward only, each step in a transaction of its own, recorded with its checksum in the table
/// <c>schema</c>. A schema that is newer, or whose steps differ from this program's, is refused untouched.
/// </summary>
internal static class SqliteMigrations
{
    private const string Prefix = "ClaudeDrive.Sqlite.Migrations.";

    /// <summary>The steps this program knows, by number from 1.</summary>
    public static IReadOnlyList<Step> Known { get; } = Load();

    /// <summary>Applies what is missing. Throws <see cref="DriveStoreException"/> when the schema is not one that this program may touch.</summary>
    public static void Apply(SqliteDatabase database, DateTimeOffset now)
    {
        var version = database.ReadNumber("PRAGMA user_version");
        if (version > Known.Count)
        {
            throw new DriveStoreException(
                $"The database has schema version {version}, this program knows versions up to {Known.Count}: a newer program has used it. Run that one.")
            {
                IsPermanent = true,
            };
        }

        if (version == 0)
        {
            if (database.ReadNumber("SELECT count(*) FROM sqlite_schema WHERE type = 'table'") > 0)
            {
                throw new DriveStoreException("The database file holds tables of another program; it is left untouched.") { IsPermanent = true };
            }
        }
        else
        {
            Verify(database);
        }

        foreach (var step in Known.Skip((int)version))
        {
            ApplyStep(database, step, now);
        }
    }

    private static void Verify(SqliteDatabase database)
    {
        using var rows = new SqliteStatement(database.Handle, "SELECT version, name, sha256 FROM schema ORDER BY version", kept: false);
        while (rows.Step())
        {
            var (version, name, hash) = (rows.Int32(), rows.Text(), rows.Text());
            var known = Known[version - 1];
            if (known.Hash != hash)
            {
                throw new DriveStoreException(
                    $"Step {version} of the database's schema ({name}) is not the one of this program ({known.Name}): it belongs to another build.")
                {
                    IsPermanent = true,
                };
            }
        }
    }

    private static void ApplyStep(SqliteDatabase database, Step step, DateTimeOffset now)
    {
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            database.Execute(
                "CREATE TABLE IF NOT EXISTS schema (version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL)");
            database.Execute(step.Sql);
            using (var record = new SqliteStatement(
                database.Handle, "INSERT INTO schema (version, name, sha256, applied_at) VALUES (@version, @name, @sha256, @at)", kept: false))
            {
                record.Set("version", step.Version).Set("name", step.Name).Set("sha256", step.Hash).Set("at", now).Run();
            }

            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {step.Version}"));
            database.Execute("COMMIT");
        }
        catch
        {
            database.Rollback();
            throw;
        }
    }

    private static List<Step> Load()
    {
        var names = typeof(SqliteMigrations).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return [.. names.Select((name, index) => Read(name, index + 1))];
    }

    private static Step Read(string resource, int expected)
    {
        var name = resource[Prefix.Length..^".sql".Length];
        var version = int.Parse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture);
        if (version != expected)
        {
            throw new InvalidOperationException($"Migration {name} should have number {expected}.");
        }

        // Line ends depend on how the source was checked out; the schema does not.
        var sql = SqlCatalog.ReadResource(resource).ReplaceLineEndings("\n");
        return new Step(version, name, sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
    }

    /// <summary>One embedded file <c>Migrations/NNNN_name.sql</c>.</summary>
    internal sealed record Step(int Version, string Name, string Sql, string Hash);
}
