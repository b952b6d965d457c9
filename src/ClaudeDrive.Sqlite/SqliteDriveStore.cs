using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Sqlite.Backups;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Sqlite.Writing;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Sqlite;

/// <summary>
/// The store of one process on one disk. All writes go through one thread that groups them into commits (<see cref="SqliteWriter"/>); reads
/// have connections of their own (<see cref="SqliteReaders"/>) and see what was committed before they began.
/// </summary>
internal sealed partial class SqliteDriveStore(SqliteStoreOptions options, TimeProvider time, Coalescing coalescing) : IDriveStore
{
    private const string FileName = "claudedrive.db";
    private const string Self = ReviewWriting.Self;

    private readonly string _path = Path.Combine(Path.GetFullPath(options.DataDirectory), FileName);
    private readonly StoreJobPool _storeJobs = new(coalescing);
    private readonly CommitSignal _workSignal = new();
    private readonly CommitSignal _sendSignal = new();
    private FileStream? _lock;
    private SqliteWriter? _writer;
    private SqliteReaders? _readers;

    /// <inheritdoc/>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (_writer is not null)
        {
            throw new InvalidOperationException("The store is open already.");
        }

        _lock = DirectoryLock.Take(Path.GetDirectoryName(_path)!);
        try
        {
            if (SqliteRestore.IsCutShort(Path.GetDirectoryName(_path)!))
            {
                throw new DriveStoreException($"A restore into {Path.GetDirectoryName(_path)} was cut short. Run 'claudedrive restore' again.") { IsPermanent = true };
            }

            // Recovery and migrations may take a while; the caller's thread may be one that starts other things.
            var database = await Task.Run(Prepare, cancellationToken).ConfigureAwait(false);
            _readers ??= new SqliteReaders(_path, options.Readers);
            _writer = new SqliteWriter(
                database, new SqliteCheckpointer(_path), options, () => SqliteDatabase.OpenForWriting(_path), time, Announce);
        }
        catch
        {
            await _lock.DisposeAsync().ConfigureAwait(false);
            _lock = null;
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken cancellationToken) => await WriteAsync(
        static scope =>
        {
            scope.Count(Counters.Checks, 1);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<string?> FindSettingAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync(database => ReadSetting(database, name), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<string> AddSettingAsync(string name, string value, CancellationToken cancellationToken) => WriteAsync(
        scope =>
        {
            using (var add = scope.Database.Use("AddSetting"))
            {
                add.Set("name", name).Set("value", value).Run();
            }

            using var find = scope.Database.Use("FindSetting").Set("name", name);
            find.Step();
            return find.Text();
        },
        cancellationToken);

    /// <summary>Finishes the writes that wait, then closes everything and gives the directory free. Safe to call twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_writer is { } writer)
        {
            await writer.DisposeAsync().ConfigureAwait(false);
        }

        _readers?.Dispose();
        if (Interlocked.Exchange(ref _lock, null) is { } held)
        {
            await held.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Runs a job on the writer's thread, in a transaction that it shares; durable when it returns. A failing job undoes only itself.</summary>
    internal ValueTask<T> WriteAsync<T>(Func<WriteScope, T> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var job = new CallJob<T>(write);
        OpenWriter.Enqueue(job);
        return job.WaitAsync(cancellationToken);
    }

    /// <summary>Reads in one transaction on a connection that only reads.</summary>
    internal ValueTask<T> ReadAsync<T>(Func<SqliteDatabase, T> read, CancellationToken cancellationToken) =>
        (_readers ?? throw NotOpen()).ReadAsync(read, cancellationToken);

    private SqliteWriter OpenWriter => _writer ?? throw NotOpen();

    private static DriveStoreException NotOpen() => new("The store is not open.");

    private SqliteDatabase Prepare()
    {
        SqliteDatabase? database = null;
        try
        {
            database = SqliteDatabase.OpenForWriting(_path);
            var now = time.GetUtcNow();
            SqliteMigrations.Apply(database, now);
            EndLeasesOfPreviousProcess(database, now);
            return database;
        }
        catch (SqliteFailure e)
        {
            database?.Dispose();
            throw new DriveStoreException($"The database {_path} could not be opened: {e.Message}", e) { IsPermanent = !e.MayPass };
        }
        catch
        {
            database?.Dispose();
            throw;
        }
    }

    private static void EndLeasesOfPreviousProcess(SqliteDatabase database, DateTimeOffset now)
    {
        database.Execute("BEGIN IMMEDIATE");
        foreach (var name in (ReadOnlySpan<string>)["EndLeases", "EndSendLeases"])
        {
            using var end = database.Use(name);
            end.Set("now", now).Run();
        }

        database.Execute("COMMIT");
    }

    private void Announce(WriteScope scope)
    {
        if (scope.WorkChanged)
        {
            _workSignal.Raise();
        }

        if (scope.SendsChanged)
        {
            _sendSignal.Raise();
        }
    }

    private static string? ReadSetting(SqliteDatabase database, string name)
    {
        using var find = database.Use("FindSetting").Set("name", name);
        return find.Step() ? find.Text() : null;
    }

    private static long ReadCounter(SqliteDatabase database, string name)
    {
        using var find = database.Use("FindCounter").Set("name", name);
        return find.Step() ? find.Int64() : 0;
    }

    /// <summary>The counters under a prefix, without it; those at zero are left out.</summary>
    private static Dictionary<string, long> ReadCounters(SqliteDatabase database, string prefix)
    {
        var counters = new Dictionary<string, long>(StringComparer.Ordinal);
        using var rows = database.Use("CountersLike").Set("prefix", prefix);
        while (rows.Step())
        {
            counters.Add(rows.Text()[(prefix.Length + 1)..], rows.Int64());
        }

        return counters;
    }
}
