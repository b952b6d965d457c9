using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClaudeDrive.Sqlite.Connections;

/// <summary>One connection with its prepared statements. Not thread-safe: the writer owns one, the readers lend one to each read.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3 _handle;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    private SqliteDatabase(SqliteConnection connection)
    {
        _connection = connection;
        _handle = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
    }

    /// <summary>True when no transaction is open.</summary>
    public bool IsAutocommit => raw.sqlite3_get_autocommit(_handle) != 0;

    /// <summary>Position of the newest row that this connection inserted.</summary>
    public long LastInsertedRow => raw.sqlite3_last_insert_rowid(_handle);

    /// <summary>The native connection, for what the wrapper does not offer.</summary>
    public sqlite3 Handle => _handle;

    /// <summary>Opens the connection that writes; creates the file when it is missing. The settings were chosen by measurement.</summary>
    public static SqliteDatabase OpenForWriting(string path) => Open(path, SqliteOpenMode.ReadWriteCreate,
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA cache_size = -65536",
        "PRAGMA temp_store = MEMORY",
        // Checkpoints run beside the commits: SqliteCheckpointer.
        "PRAGMA wal_autocheckpoint = 0",
        "PRAGMA journal_size_limit = 67108864");

    /// <summary>Opens a connection that reads.</summary>
    public static SqliteDatabase OpenForReading(string path) => Open(path, SqliteOpenMode.ReadWrite,
        "PRAGMA query_only = ON",
        "PRAGMA cache_size = -8192",
        "PRAGMA temp_store = MEMORY");

    /// <summary>Opens a connection that copies the database into another file.</summary>
    public static SqliteDatabase OpenForCopying(string path) => Open(path, SqliteOpenMode.ReadWrite, "PRAGMA synchronous = FULL");

    /// <summary>Opens a connection that only moves the log into the database.</summary>
    public static SqliteDatabase OpenForCheckpoints(string path) => Open(path, SqliteOpenMode.ReadWrite,
        "PRAGMA synchronous = FULL",
        "PRAGMA cache_size = -64");

    /// <summary>Copies what readers do not hold back from the log into the database, durably; waits for nobody.</summary>
    public void Checkpoint() => SqliteFailure.ThrowIfError(
        raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _), _handle);

    /// <summary>Pages that this connection has written to the log since it was asked last.</summary>
    public int TakePagesWritten()
    {
        raw.sqlite3_db_status(_handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1);
        return pages;
    }

    /// <summary>A statement of the catalog, prepared once for this connection.</summary>
    public SqliteStatement Use(string name)
    {
        if (!_statements.TryGetValue(name, out var statement))
        {
            statement = new SqliteStatement(_handle, SqlCatalog.Find(name), kept: true);
            _statements.Add(name, statement);
        }

        return statement;
    }

    /// <summary>A statement of the catalog with conditions put in, prepared for this use; its conditions are bound.</summary>
    public SqliteStatement Use(string name, SqlPredicate where) =>
        where.Bind(new SqliteStatement(_handle, SqlCatalog.Find(name).Replace("{where}", where.Text, StringComparison.Ordinal), kept: false));

    /// <summary>Runs statements without parameters or results.</summary>
    public void Execute(string sql) => SqliteFailure.ThrowIfError(raw.sqlite3_exec(_handle, sql), _handle);

    /// <summary>Reads one number.</summary>
    public long ReadNumber(string sql)
    {
        using var statement = new SqliteStatement(_handle, sql, kept: false);
        return statement.Step() ? statement.Int64() : 0;
    }

    /// <summary>Stops the statement that runs, from another thread; the statement then throws <see cref="SqliteFailure"/>.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_handle);

    /// <summary>Undoes the open transaction, if there is one; never throws, since it follows a failure that is reported already.</summary>
    public void Rollback()
    {
        if (!IsAutocommit)
        {
            raw.sqlite3_exec(_handle, "ROLLBACK");
        }
    }

    /// <summary>Closes the statements and the connection.</summary>
    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Close();
        }

        _connection.Dispose();
    }

    private static SqliteDatabase Open(string path, SqliteOpenMode mode, params ReadOnlySpan<string> settings)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            var database = new SqliteDatabase(connection);
            database.Execute("PRAGMA busy_timeout = 5000");
            foreach (var setting in settings)
            {
                database.Execute(setting);
            }

            return database;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new SqliteFailure(e.SqliteErrorCode, e.SqliteExtendedErrorCode, e.Message);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
