using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Sqlite.Backups;

/// <summary>
/// Puts a backup into a data directory that no server uses. Everything is copied beside what is there first, and then only renamed. A crash between the
/// renames leaves a directory without a database and with <see cref="ArrivingName"/>, which <see cref="IsCutShort"/> tells and no store opens.
/// </summary>
internal static class SqliteRestore
{
    private const string ArrivingName = "restore.partial";

    private static readonly string[] DatabaseFiles = [BackupFiles.Database, BackupFiles.Database + "-wal", BackupFiles.Database + "-shm"];

    /// <summary>True when a restore into this directory has taken the old database away and not yet put the new one in its place.</summary>
    public static bool IsCutShort(string dataDirectory) =>
        Directory.Exists(Path.Combine(dataDirectory, ArrivingName)) && !File.Exists(Path.Combine(dataDirectory, BackupFiles.Database));

    /// <summary>
    /// Checks the backup, then puts it in place, durably. An existing database is refused, or with <paramref name="force"/> moved aside with its spool
    /// into a directory whose path is returned. Throws <see cref="BackupException"/> when the backup or the directory cannot be used, with nothing
    /// changed; a permanent <see cref="DriveStoreException"/> when a server holds the directory; <see cref="IOException"/> when the disk refuses.
    /// </summary>
    public static (BackupManifest Manifest, string? Aside) Run(string source, string dataDirectory, bool force, DateTimeOffset now, Action<string> progress)
    {
        progress("checking the backup");
        var manifest = Check(source);
        using var held = DirectoryLock.Take(dataDirectory);
        var exists = DatabaseFiles.Any(name => File.Exists(Path.Combine(dataDirectory, name))) || BackupFiles.SegmentsIn(dataDirectory).Count > 0;
        if (exists && !force)
        {
            throw new BackupException($"{dataDirectory} holds a database or a spool already; --force moves them aside.");
        }

        progress("copying");
        var arriving = Path.Combine(dataDirectory, ArrivingName);
        Fetch(source, manifest, arriving);
        Mark(Path.Combine(arriving, BackupFiles.Database));
        BackupFiles.FlushNames(dataDirectory);
        var aside = exists ? MoveAside(dataDirectory, now) : null;
        Place(arriving, dataDirectory);
        return (manifest, aside);
    }

    /// <summary>Reads the manifest and checks every file against it. Throws <see cref="BackupException"/>.</summary>
    public static BackupManifest Check(string source)
    {
        var path = Path.Combine(source, BackupManifest.FileName);
        if (!File.Exists(path))
        {
            throw new BackupException($"{source} is no whole backup: it has no {BackupManifest.FileName}.");
        }

        var manifest = Read(path);
        foreach (var file in manifest.Files)
        {
            // Only what a backup writes: a path of somebody's making must not reach outside of it.
            if (file.Path != BackupFiles.Database && !(Path.GetDirectoryName(file.Path) == BackupFiles.Spool && BackupFiles.SegmentsIn(source).Contains(Path.GetFileName(file.Path), StringComparer.Ordinal)))
            {
                throw new BackupException($"{source} is no whole backup: '{file.Path}' is missing or has no place in one.");
            }

            if (!File.Exists(Path.Combine(source, file.Path)) || BackupFiles.Describe(source, file.Path) != file)
            {
                throw new BackupException($"{source} is damaged: {file.Path} is not what it was.");
            }
        }

        if (manifest.Files.All(static file => file.Path != BackupFiles.Database))
        {
            throw new BackupException($"{source} is no whole backup: it has no database.");
        }

        DatabaseCheck.Run(Path.Combine(source, BackupFiles.Database));
        return manifest;
    }

    private static void Fetch(string source, BackupManifest manifest, string arriving)
    {
        if (Directory.Exists(arriving))
        {
            Directory.Delete(arriving, recursive: true); // Of a restore that was cut short: the backup has it all.
        }

        Directory.CreateDirectory(Path.Combine(arriving, BackupFiles.Spool));
        foreach (var file in manifest.Files)
        {
            BackupFiles.Copy(Path.Combine(source, file.Path), Path.Combine(arriving, file.Path));
            if (BackupFiles.Describe(arriving, file.Path) != file)
            {
                throw new BackupException($"{file.Path} was damaged on its way from {source}.");
            }
        }
    }

    /// <summary>See <see cref="RestoreMark"/>: answers that were sent since the backup are looked for and not sent again.</summary>
    private static void Mark(string path)
    {
        try
        {
            // Closing the only connection moves the log into the file and removes it.
            using var database = SqliteDatabase.OpenForWriting(path);
            using var mark = database.Use("MarkRestored");
            mark.Run();
        }
        catch (SqliteFailure e)
        {
            throw new BackupException($"The copied database {path} could not be written: {e.Message}");
        }

        BackupFiles.Flush(path);
        BackupFiles.FlushNames(Path.GetDirectoryName(path)!);
    }

    private static BackupManifest Read(string path)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), BackupJson.Default.BackupManifest);
            return manifest is { Format: BackupManifest.CurrentFormat }
                ? manifest
                : throw new BackupException($"{path} is of a form that this program does not know.");
        }
        catch (JsonException)
        {
            throw new BackupException($"{path} cannot be read.");
        }
    }

    private static string MoveAside(string dataDirectory, DateTimeOffset now)
    {
        var aside = Path.Combine(dataDirectory, "replaced-" + now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(aside);
        // The database first: without its log it would open, and lack commits.
        foreach (var name in DatabaseFiles)
        {
            if (File.Exists(Path.Combine(dataDirectory, name)))
            {
                File.Move(Path.Combine(dataDirectory, name), Path.Combine(aside, name));
            }
        }

        if (Directory.Exists(Path.Combine(dataDirectory, BackupFiles.Spool)))
        {
            Directory.Move(Path.Combine(dataDirectory, BackupFiles.Spool), Path.Combine(aside, BackupFiles.Spool));
        }

        BackupFiles.FlushNames(aside);
        BackupFiles.FlushNames(dataDirectory);
        return aside;
    }

    // The database last: a directory without one is empty to a server, one with it is whole.
    private static void Place(string arriving, string dataDirectory)
    {
        var spool = Path.Combine(dataDirectory, BackupFiles.Spool);
        Directory.CreateDirectory(spool);
        foreach (var segment in BackupFiles.SegmentsIn(arriving))
        {
            File.Move(Path.Combine(arriving, BackupFiles.Spool, segment), Path.Combine(spool, segment));
        }

        BackupFiles.FlushNames(spool);
        File.Move(Path.Combine(arriving, BackupFiles.Database), Path.Combine(dataDirectory, BackupFiles.Database));
        Directory.Delete(arriving, recursive: true);
        BackupFiles.FlushNames(dataDirectory);
    }
}
