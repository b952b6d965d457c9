using System.Text.Json.Serialization;

namespace ClaudeDrive.Sqlite.Backups;

/// <summary>What a backup holds: <c>backup.json</c>, written last, so that a directory with it is whole.</summary>
internal sealed record BackupManifest
{
    /// <summary>The form of the directory that this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The file's name.</summary>
    public const string FileName = "backup.json";

    /// <summary>Form of the directory.</summary>
    public required int Format { get; init; }

    /// <summary>When the backup began, UTC: everything acknowledged before is in it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Version of the program that wrote it; for people.</summary>
    public required string Program { get; init; }

    /// <summary>Version of the database's schema.</summary>
    public required int Schema { get; init; }

    /// <summary>Events in the database.</summary>
    public required long Events { get; init; }

    /// <summary>Revisions in the database.</summary>
    public required long Revisions { get; init; }

    /// <summary>Every file but this one.</summary>
    public required IReadOnlyList<BackupFile> Files { get; init; }
}

/// <summary>One file of a backup.</summary>
/// <param name="Path">Below the backup, with slashes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Lower-case hex.</param>
internal sealed record BackupFile(string Path, long Bytes, string Sha256);

/// <summary>The manifest's JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
