using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using ClaudeDrive.Sqlite.Connections;

namespace ClaudeDrive.Sqlite.Backups;

/// <summary>
/// Copies a data directory while a server uses it. The spool first, then the database: what moves from one to the other in between is in both, and the
/// drain after a restore finds it known. The database is copied by <c>VACUUM INTO</c> in one read transaction: storing goes on, only the log
/// grows until the copy is done; the online backup of SQLite begins anew whenever another process writes, which under load is for ever.
/// </summary>
internal static class SqliteBackup
{
    /// <summary>
    /// Writes a backup to <paramref name="target"/>, which must not exist or be empty, and checks it. Everything that was acknowledged before the call is
    /// in it. Durable when it returns; until then nothing stands under that name. Throws <see cref="BackupException"/>, <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    public static BackupManifest Create(string dataDirectory, string target, DateTimeOffset now, Action<string> progress)
    {
        var database = Path.Combine(dataDirectory, BackupFiles.Database);
        if (!File.Exists(database))
        {
            throw new BackupException($"There is no database in {dataDirectory}.");
        }

        target = Path.GetFullPath(target).TrimEnd(Path.DirectorySeparatorChar);
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new BackupException($"{target} exists and is not empty; a backup is never written over anything.");
        }

        var parent = Path.GetDirectoryName(target) ?? throw new BackupException($"{target} cannot be a backup's directory.");
        Directory.CreateDirectory(parent);
        if (Directory.Exists(target))
        {
            Directory.Delete(target); // Now and not at the end: one that cannot be replaced is told at once.
        }

        // A name of its own: another backup that runs, or was cut short, is not ours to touch.
        var partial = $"{target}.partial-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        try
        {
            var manifest = Fill(dataDirectory, partial, now, progress);
            Directory.Move(partial, target);
            BackupFiles.FlushNames(parent);
            return manifest;
        }
        catch
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }

            throw;
        }
    }

    private static BackupManifest Fill(string dataDirectory, string partial, DateTimeOffset now, Action<string> progress)
    {
        var spool = Path.Combine(partial, BackupFiles.Spool);
        Directory.CreateDirectory(spool);
        List<string> files = [];
        foreach (var segment in BackupFiles.SegmentsIn(dataDirectory))
        {
            try
            {
                BackupFiles.Copy(Path.Combine(dataDirectory, BackupFiles.Spool, segment), Path.Combine(spool, segment));
                files.Add(Path.Combine(BackupFiles.Spool, segment));
            }
            catch (FileNotFoundException)
            {
                // Drained since it was listed: what it held is in the database.
            }
        }

        BackupFiles.FlushNames(spool);
        progress("copying the database");
        var copy = Path.Combine(partial, BackupFiles.Database);
        CopyDatabase(Path.Combine(dataDirectory, BackupFiles.Database), copy);
        files.Add(BackupFiles.Database);
        progress("checking the copy");
        var (schema, events, revisions) = DatabaseCheck.Run(copy);
        var manifest = new BackupManifest
        {
            Format = BackupManifest.CurrentFormat,
            CreatedAt = now,
            Program = typeof(SqliteBackup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            Schema = schema,
            Events = events,
            Revisions = revisions,
            Files = [.. files.Order(StringComparer.Ordinal).Select(file => BackupFiles.Describe(partial, file))],
        };
        var path = Path.Combine(partial, BackupManifest.FileName);
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest));
        BackupFiles.Flush(path);
        BackupFiles.FlushNames(partial);
        return manifest;
    }

    private static void CopyDatabase(string from, string to)
    {
        try
        {
            using var database = SqliteDatabase.OpenForCopying(from);
            using (var copy = new SqliteStatement(database.Handle, "VACUUM INTO @target", kept: false))
            {
                copy.Set("target", to).Run();
            }
        }
        catch (SqliteFailure e)
        {
            throw new BackupException($"The database {from} could not be copied: {e.Message}");
        }

        BackupFiles.Flush(to);
    }
}
