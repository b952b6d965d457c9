using System.Collections.Concurrent;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Sqlite.Connections;

/// <summary>
/// A few connections that only read, off the writer's thread. Every read is one short transaction: what it sees belongs together, and it never
/// holds back a checkpoint for long.
/// </summary>
internal sealed class SqliteReaders(string path, int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count, count);
    private readonly ConcurrentBag<SqliteDatabase> _idle = [];
    private volatile bool _closed;

    /// <summary>Reads in one transaction. Throws <see cref="DriveStoreException"/> when the file cannot be read.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<SqliteDatabase, T> read, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfClosed();
            return Read(read, cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Closes the idle connections; those in use close when their read ends.</summary>
    public void Dispose()
    {
        _closed = true;
        CloseIdle();
    }

    private T Read<T>(Func<SqliteDatabase, T> read, CancellationToken cancellationToken)
    {
        SqliteDatabase? database = null;
        try
        {
            database = _idle.TryTake(out var idle) ? idle : SqliteDatabase.OpenForReading(path);
            database.Execute("BEGIN");
            T result;
            // Disposing waits for a running callback: the interrupt cannot hit the connection's next user.
            using (cancellationToken.UnsafeRegister(static state => ((SqliteDatabase)state!).Interrupt(), database))
            {
                result = read(database);
            }

            database.Execute("COMMIT");
            GiveBack(database);
            return result;
        }
        catch (SqliteFailure e)
        {
            database?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw SqliteFailure.Describe("The store could not read", e);
        }
        catch
        {
            database?.Dispose();
            throw;
        }
    }

    private void GiveBack(SqliteDatabase database)
    {
        _idle.Add(database);
        if (_closed)
        {
            CloseIdle();
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryTake(out var database))
        {
            database.Dispose();
        }
    }

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new DriveStoreException("The store is closed.");
        }
    }
}
