using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

/// <summary>The suite again, through a pooler that gives nobody a session.</summary>
[StoreUnderTest(typeof(PostgreSqlDriveStore))]
public sealed class PostgreSqlPoolerContextsTests : ContextsConformance
{
    private readonly PostgreSqlSchemas _schemas = new();

    internal override ValueTask<IDriveStore> CreateAsync(TimeProvider time, Coalescing coalescing) => new(_schemas.CreateBehindPooler(time, coalescing));

    protected override ValueTask CleanUpAsync() => _schemas.DisposeAsync();
}
