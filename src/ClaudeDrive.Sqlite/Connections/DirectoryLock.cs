using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Sqlite.Connections;

/// <summary>Holds a data directory for one process. The file stays behind, empty: removing it could free a lock that another just took.</summary>
internal static class DirectoryLock
{
    private const string FileName = "claudedrive.lock";

    /// <summary>Takes the lock, until the result is disposed; throws a permanent <see cref="DriveStoreException"/> when another holds it.</summary>
    public static FileStream Take(string directory)
    {
        try
        {
            DirectorySync.Create(directory);
            return new FileStream(Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DriveStoreException($"The data directory {directory} cannot be written: {e.Message}", e) { IsPermanent = true };
        }
        catch (IOException e)
        {
            throw new DriveStoreException(
                $"The data directory {directory} is held by another process, or cannot be used; only one process may use a SQLite store. {e.Message}", e)
            {
                IsPermanent = true,
            };
        }
    }
}
