using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.Sqlite;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Stores.Tests.Sqlite;

[StoreUnderTest(typeof(SqliteDriveStore))]
public sealed class SqliteAuditTamperingTests : AuditTamperingConformance
{
    private readonly SqliteDirectories _directories = new();

    internal override ValueTask<IDriveStore> CreateAsync(TimeProvider time, Coalescing coalescing) => new(_directories.Create(time, coalescing));

    internal override ValueTask<IDriveStore?> CreateAgainAsync(TimeProvider time, Coalescing coalescing) =>
        new(_directories.CreateAgain(time, coalescing));

    protected override Task AlterAsync(string sql)
    {
        using var database = SqliteDatabase.OpenForWriting(Path.Combine(_directories.Newest, "claudedrive.db"));
        database.Execute(sql.Replace("{audit}", "audit", StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    protected override ValueTask CleanUpAsync()
    {
        _directories.Dispose();
        return ValueTask.CompletedTask;
    }
}
