using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.Sqlite;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Stores.Tests.Sqlite;

[StoreUnderTest(typeof(SqliteDriveStore))]
public sealed class SqliteAuditTests : AuditConformance
{
    private readonly SqliteDirectories _directories = new();

    internal override ValueTask<IDriveStore> CreateAsync(TimeProvider time, Coalescing coalescing) => new(_directories.Create(time, coalescing));

    internal override ValueTask<IDriveStore?> CreateAgainAsync(TimeProvider time, Coalescing coalescing) =>
        new(_directories.CreateAgain(time, coalescing));

    protected override ValueTask CleanUpAsync()
    {
        _directories.Dispose();
        return ValueTask.CompletedTask;
    }
}
