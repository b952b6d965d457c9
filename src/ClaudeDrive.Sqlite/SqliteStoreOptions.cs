using System.ComponentModel.DataAnnotations;

namespace ClaudeDrive.Sqlite;

/// <summary>How the SQLite store is kept. Checked at start; a problem names its key.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>
    /// Directory of the database: <c>claudedrive.db</c>, what SQLite keeps beside it, and the lock file that reserves it for one process. Created
    /// when it is missing. Relative paths are taken from the current directory. Must be on a local disk: network file systems lose locks.
    /// </summary>
    /// <value><c>claudedrive-data</c>.</value>
    [Required]
    public string DataDirectory { get; set; } = "claudedrive-data";

    /// <summary>
    /// Writes that may wait for their commit, 1 to 1,000,000. One more is refused at once, so that the receiver can answer instead of letting its
    /// callers wait.
    /// </summary>
    /// <value>4,096: eight full batches, which a disk of 2 ms per flush works off in well under a second.</value>
    [Range(1, 1_000_000, ErrorMessage = "must be between {1} and {2}.")]
    public int QueueCapacity { get; set; } = 4096;

    /// <summary>Connections that read, 1 to 64. Further reads wait for one of them.</summary>
    /// <value>4.</value>
    [Range(1, 64, ErrorMessage = "must be between {1} and {2}.")]
    public int Readers { get; set; } = 4;

    /// <summary>
    /// Pages of 4 KB in the log after which they are copied into the database; <see cref="int.MaxValue"/> leaves them there until the store
    /// closes, which tests of crashes need.
    /// </summary>
    internal int CheckpointPages { get; set; } = 1000;
}
