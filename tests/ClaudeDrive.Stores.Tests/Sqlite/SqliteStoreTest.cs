using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.Sqlite;
using ClaudeDrive.Sqlite.Connections;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Stores.Tests.Sqlite;

/// <summary>What the tests of this store alone share: an open store over fake time in a fresh directory.</summary>
public abstract class SqliteStoreTest : IAsyncLifetime
{
    private readonly List<SqliteDriveStore> _stores = [];

    internal SqliteDirectories Directories { get; } = new();

    internal FakeTimeProvider Time { get; } = new(Given.Start);

    internal SqliteDriveStore Store { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Store = await OpenAsync(Directories.Add());

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        Directories.Dispose();
        GC.SuppressFinalize(this);
    }

    internal SqliteDriveStore Make(string directory, int queueCapacity = 4096, int checkpointPages = 1000)
    {
        var options = new SqliteStoreOptions { DataDirectory = directory, QueueCapacity = queueCapacity, CheckpointPages = checkpointPages };
        var store = new SqliteDriveStore(options, Time, Coalescing.Default);
        _stores.Add(store);
        return store;
    }

    internal async Task<SqliteDriveStore> OpenAsync(string directory, int queueCapacity = 4096, int checkpointPages = 1000)
    {
        var store = Make(directory, queueCapacity, checkpointPages);
        await store.OpenAsync(Token);
        return store;
    }

    /// <summary>Runs a statement on the writer's connection, inside a transaction.</summary>
    internal static async Task ExecuteAsync(SqliteDriveStore store, string sql) => await store.WriteAsync(
        scope =>
        {
            scope.Database.Execute(sql);
            return true;
        },
        Token);

    /// <summary>Holds the writer's thread inside a transaction until the result is disposed.</summary>
    internal static async Task<WriterHold> HoldWriterAsync(SqliteDriveStore store)
    {
        var hold = new WriterHold();
        hold.Begin(store);
        await hold.Held.WaitAsync(StoreConformance.Timeout, Token);
        return hold;
    }

    /// <summary>What must be true of every database that opens: it is whole, and the counters say what is there.</summary>
    internal static async Task AssertConsistentAsync(SqliteDriveStore store)
    {
        var (isWhole, wrong) = await store.ReadAsync(
            database => (ReadText(database, "PRAGMA integrity_check"), database.ReadNumber(
                """
                SELECT count(*) FROM (
                  SELECT name, value FROM counters WHERE name GLOB 'events/*' AND value <> 0
                  EXCEPT SELECT 'events/' || state, count(*) FROM events GROUP BY state)
                """) + database.ReadNumber(
                """
                SELECT count(*) FROM (
                  SELECT 'events/' || state, count(*) FROM events GROUP BY state
                  EXCEPT SELECT name, value FROM counters)
                """) + database.ReadNumber("SELECT count(*) FROM events e WHERE state = 0 AND NOT EXISTS (SELECT 1 FROM work w WHERE w.resource_id = e.resource_id)")),
            Token);
        Assert.Equal("ok", isWhole);
        Assert.Equal(0, wrong);
    }

    private static string ReadText(SqliteDatabase database, string sql)
    {
        using var statement = new SqliteStatement(database.Handle, sql, kept: false);
        statement.Step();
        return statement.Text();
    }

    /// <summary>The writer's thread, held.</summary>
    internal sealed class WriterHold : IAsyncDisposable
    {
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _free = new();
        private Task _job = Task.CompletedTask;

        public Task Held => _held.Task;

        public void Begin(SqliteDriveStore store)
        {
            var token = Token;
            _job = store.WriteAsync(
                _ =>
                {
                    _held.SetResult();
                    return _free.Wait(StoreConformance.Timeout, token);
                },
                CancellationToken.None).AsTask();
        }

        public async ValueTask DisposeAsync()
        {
            _free.Set();
            await _job;
            _free.Dispose();
        }
    }
}
