using ClaudeDrive.Sqlite.Connections;

namespace ClaudeDrive.Sqlite.Writing;

/// <summary>
/// Copies the log back into the database beside the writer, so that no commit waits for it. When it is done, the writer copies the few pages
/// that were committed meanwhile, which is quick, and its next transaction starts the log from the beginning again. A thread of its own, with a
/// connection of its own; a failure costs nothing, since the writer then
/// copies everything by itself.
/// </summary>
internal sealed class SqliteCheckpointer : IDisposable
{
    private readonly string _path;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Thread _thread;
    private volatile bool _closing;
    private volatile bool _running;
    private volatile bool _done;

    /// <summary>Starts the thread.</summary>
    public SqliteCheckpointer(string path)
    {
        _path = path;
        _thread = new Thread(Loop) { IsBackground = true, Name = "ClaudeDrive SQLite checkpoint" };
        _thread.Start();
    }

    /// <summary>True while a copy runs.</summary>
    public bool IsRunning => _running;

    /// <summary>Begins a copy. Called by the writer only, and only while none runs.</summary>
    public void Begin()
    {
        _running = true;
        _wake.Release();
    }

    /// <summary>True once after each copy: the writer's part is due.</summary>
    public bool TakeDone()
    {
        var done = _done;
        _done = false;
        return done;
    }

    /// <summary>Waits for a running copy and ends the thread.</summary>
    public void Dispose()
    {
        _closing = true;
        if (!_running)
        {
            _wake.Release();
        }

        _thread.Join();
        _wake.Dispose();
    }

    private void Loop()
    {
        SqliteDatabase? database = null;
        while (true)
        {
            _wake.Wait();
            if (_closing)
            {
                break;
            }

            try
            {
                database ??= SqliteDatabase.OpenForCheckpoints(_path);
                database.Checkpoint();
            }
            catch (SqliteFailure)
            {
                // The writer meets the same trouble, if it lasts, and reports it.
                database?.Dispose();
                database = null;
            }

            _done = true;
            _running = false;
            if (_closing)
            {
                break;
            }
        }

        database?.Dispose();
    }
}
