namespace ClaudeDrive.Sqlite.Backups;

/// <summary>A backup or a restore that cannot be done, for a person; nothing was changed unless the message says so.</summary>
internal sealed class BackupException(string message) : Exception(message);
