using ClaudeDrive.Diagnostics;
using ClaudeDrive.Storage;
using SQLitePCL;

namespace ClaudeDrive.Sqlite.Connections;

/// <summary>What SQLite answered when it could not do something. Leaves the library only inside a <see cref="DriveStoreException"/>.</summary>
internal sealed class SqliteFailure(int code, int extendedCode, string message)
    : Exception($"SQLite error {extendedCode}: {message}")
{
    /// <summary>Primary result code (https://www.sqlite.org/rescode.html).</summary>
    public int Code { get; } = code;

    /// <summary>Extended result code.</summary>
    public int ExtendedCode { get; } = extendedCode;

    /// <summary>True when the caller's own cancellation stopped the statement.</summary>
    public bool IsInterrupted => Code == raw.SQLITE_INTERRUPT;

    /// <summary>True when the connection itself is in doubt: it is closed, and a new one tells whether the file can be used.</summary>
    public bool NeedsReopen => Code is raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_CANTOPEN
        or raw.SQLITE_READONLY or raw.SQLITE_MISUSE or raw.SQLITE_INTERNAL or raw.SQLITE_NOMEM;

    /// <summary>True when an open that failed so may succeed later by itself: a full disk, another user of the file, a disk or memory that fails.</summary>
    public bool MayPass => Code is raw.SQLITE_FULL or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_IOERR or raw.SQLITE_NOMEM;

    /// <summary>Throws when the code is not success.</summary>
    public static void ThrowIfError(int code, sqlite3 connection)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new SqliteFailure(code & 0xFF, raw.sqlite3_extended_errcode(connection), raw.sqlite3_errmsg(connection).utf8_to_string());
        }
    }

    /// <summary>The exception that callers of the store see.</summary>
    public static DriveStoreException Describe(string operation, Exception cause) => cause switch
    {
        DriveStoreException known => known,
        SqliteFailure { Code: raw.SQLITE_FULL } => new DriveStoreException($"{operation}: the disk, or the database's size limit, is full.", cause),
        _ => new DriveStoreException($"{operation}: {cause.Message}", cause),
    };
}
