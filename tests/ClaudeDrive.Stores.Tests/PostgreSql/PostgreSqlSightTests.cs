using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

[StoreUnderTest(typeof(PostgreSqlDriveStore))]
public sealed class PostgreSqlSightTests : SightConformance
{
    protected override int Runs => 20;

    private readonly PostgreSqlSchemas _schemas = new();

    internal override ValueTask<IDriveStore> CreateAsync(TimeProvider time, Coalescing coalescing) => new(_schemas.Create(time, coalescing));

    internal override ValueTask<IDriveStore?> CreateAgainAsync(TimeProvider time, Coalescing coalescing) =>
        new(_schemas.CreateAgain(time, coalescing));

    protected override ValueTask CleanUpAsync() => _schemas.DisposeAsync();
}
