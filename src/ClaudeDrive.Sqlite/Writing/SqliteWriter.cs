using ClaudeDrive.Diagnostics;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Sqlite.Writing;

/// <summary>
/// The one thread that writes. It takes whatever waits, at most <see cref="MaxBatch"/> jobs, runs them in one transaction, commits once, and only
/// then answers them: concurrent callers share a commit, and nobody waits for more than the commit in flight and the next. There is no linger.
/// A failure of the batch, its commit included, is answered to all of its jobs; the next batch starts afresh, on a new connection when the old
/// one is in doubt.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>Jobs in one transaction at most: bounds the wait for a commit. From the prototypes of group commit.</summary>
    public const int MaxBatch = 512;

    private readonly Func<SqliteDatabase> _open;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly int _checkpointPages;
    private readonly TimeProvider _time;
    private readonly Action<WriteScope> _committed;
    private readonly int _capacity;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<WriteJob> _queue;

    // An entry becomes null when its job needs no answer any more: it was withdrawn, or failed alone.
    private readonly List<WriteJob?> _batch = new(MaxBatch);
    private SqliteDatabase? _database;
    private int _logPages;
    private bool _asleep;
    private bool _closing;

    /// <summary>Starts the thread. It owns <paramref name="database"/> and <paramref name="checkpointer"/> from now on.</summary>
    public SqliteWriter(
        SqliteDatabase database, SqliteCheckpointer checkpointer, SqliteStoreOptions options, Func<SqliteDatabase> open, TimeProvider time,
        Action<WriteScope> committed)
    {
        _checkpointer = checkpointer;
        _checkpointPages = options.CheckpointPages;
        _database = database;
        _open = open;
        _time = time;
        _capacity = options.QueueCapacity;
        _committed = committed;
        _queue = new Queue<WriteJob>(Math.Min(_capacity, MaxBatch));
        new Thread(Loop) { IsBackground = true, Name = "ClaudeDrive SQLite writer" }.Start();
    }

    /// <summary>Queues a job. Throws <see cref="DriveStoreException"/> at once when the queue is full or the store is closed.</summary>
    public void Enqueue(WriteJob job)
    {
        bool wake;
        lock (_gate)
        {
            if (_closing)
            {
                throw new DriveStoreException("The store is closed.");
            }

            if (_queue.Count >= _capacity)
            {
                throw new DriveStoreException($"The store has {_capacity} writes waiting and takes no more for now.");
            }

            _queue.Enqueue(job);
            wake = _asleep;
            _asleep = false;
        }

        if (wake)
        {
            _wake.Release();
        }
    }

    /// <summary>Takes no more jobs, finishes those that wait, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        bool wake;
        lock (_gate)
        {
            _closing = true;
            wake = _asleep;
            _asleep = false;
        }

        if (wake)
        {
            _wake.Release();
        }

        await _stopped.Task.ConfigureAwait(false);
    }

    private void Loop()
    {
        while (TakeBatch())
        {
            RunBatch();
            _batch.Clear();
            KeepLogShort();
        }

        _checkpointer.Dispose();
        _database?.Dispose();
        _wake.Dispose();
        _stopped.SetResult();
    }

    /// <summary>Waits for jobs and takes them; false when the writer was closed and nothing waits.</summary>
    private bool TakeBatch()
    {
        while (true)
        {
            lock (_gate)
            {
                while (_batch.Count < MaxBatch && _queue.TryDequeue(out var job))
                {
                    _batch.Add(job);
                }

                if (_batch.Count > 0 || _closing)
                {
                    return _batch.Count > 0;
                }

                _asleep = true;
            }

            _wake.Wait();
        }
    }

    private void RunBatch()
    {
        var ended = 0;
        try
        {
            _database ??= _open();
            var scope = new WriteScope(_database, _time.GetUtcNow());
            _database.Execute("BEGIN IMMEDIATE");
            RunJobs(scope);
            scope.WriteCounters();
            _database.Execute("COMMIT");
            _committed(scope);
            for (; ended < _batch.Count; ended++)
            {
                _batch[ended]?.Complete();
            }
        }
#pragma warning disable CA1031 // The thread's edge: whatever went wrong is answered to every caller of the batch.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Recover(e);
            var cause = SqliteFailure.Describe("The store could not commit", e);
            foreach (var job in _batch.Skip(ended))
            {
                job?.Fail(cause);
            }
        }
    }

    private void RunJobs(WriteScope scope)
    {
        for (var i = 0; i < _batch.Count; i++)
        {
            var job = _batch[i]!;
            if (!job.TryTake() || !RunJob(job, scope))
            {
                _batch[i] = null;
            }
        }
    }

    /// <summary>Runs one job; false when it failed alone and is answered already.</summary>
    private static bool RunJob(WriteJob job, WriteScope scope)
    {
        if (!job.FailsAlone)
        {
            job.Run(scope);
            return true;
        }

        scope.BeginJob();
        try
        {
            job.Run(scope);
        }
#pragma warning disable CA1031 // One job's failure is answered to its caller; the batch goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // SQLite may have undone the whole transaction by itself (full disk, I/O error): then the batch is lost.
            if (scope.Database.IsAutocommit || e is SqliteFailure { NeedsReopen: true })
            {
                throw;
            }

            scope.UndoJob();
            job.Fail(e is SqliteFailure failure ? SqliteFailure.Describe("The store could not write", failure) : e);
            return false;
        }

        scope.KeepJob();
        return true;
    }

    /// <summary>After the callers were answered: has the log copied when it grew, or does the writer's own part of it.</summary>
    private void KeepLogShort()
    {
        if (_database is null || _checkpointPages == int.MaxValue)
        {
            return;
        }

        _logPages += _database.TakePagesWritten();
        if (_checkpointer.IsRunning)
        {
            return;
        }

        if (_checkpointer.TakeDone())
        {
            Checkpoint(_database);
        }
        else if (_logPages >= _checkpointPages)
        {
            _checkpointer.Begin();
        }
    }

    private void Checkpoint(SqliteDatabase database)
    {
        _logPages = 0;
        try
        {
            database.Checkpoint();
        }
        catch (SqliteFailure e)
        {
            // Nothing is lost: the log keeps every commit. The next batch finds out whether the file can be used.
            Recover(e);
        }
    }

    private void Recover(Exception cause)
    {
        _database?.Rollback();
        if (cause is not SqliteFailure { NeedsReopen: false })
        {
            _database?.Dispose();
            _database = null;
        }
    }
}
