using System.Security.Cryptography;
using ClaudeDrive.Inbox.Spool;

namespace ClaudeDrive.Sqlite.Backups;

/// <summary>Copying and checking files, durably.</summary>
internal static class BackupFiles
{
    /// <summary>The database's name in a backup and in a data directory.</summary>
    public const string Database = "claudedrive.db";

    /// <summary>The spool's directory, likewise.</summary>
    public const string Spool = "spool";

    /// <summary>Copies one file and flushes the copy. The source may grow meanwhile: what was there at the beginning is copied.</summary>
    public static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        source.CopyTo(target);
        target.Flush(flushToDisk: true);
    }

    /// <summary>Flushes a file that another wrote.</summary>
    public static void Flush(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Flushes the names in a directory.</summary>
    public static void FlushNames(string directory) => DirectorySync.Flush(directory);

    /// <summary>What a manifest says of a file.</summary>
    public static BackupFile Describe(string root, string relative)
    {
        using var file = File.OpenRead(Path.Combine(root, relative));
        return new BackupFile(relative.Replace(Path.DirectorySeparatorChar, '/'), file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    /// <summary>The spool's segments in a data directory or a backup, as names; none when there is no spool.</summary>
    public static IReadOnlyList<string> SegmentsIn(string directory)
    {
        var spool = Path.Combine(directory, Spool);
        return Directory.Exists(spool)
            ? [.. Directory.EnumerateFiles(spool, "*" + SegmentId.Extension).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]
            : [];
    }
}
