using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql;
using ClaudeDrive.Storage;
using Npgsql;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

[StoreUnderTest(typeof(PostgreSqlDriveStore))]
public sealed class PostgreSqlAuditTamperingTests : AuditTamperingConformance
{
    private readonly PostgreSqlSchemas _schemas = new();

    internal override ValueTask<IDriveStore> CreateAsync(TimeProvider time, Coalescing coalescing) => new(_schemas.Create(time, coalescing));

    internal override ValueTask<IDriveStore?> CreateAgainAsync(TimeProvider time, Coalescing coalescing) =>
        new(_schemas.CreateAgain(time, coalescing));

    protected override async Task AlterAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(PostgreSqlSchemas.ConnectionString);
        await using var alter = source.CreateCommand(sql.Replace("{audit}", $"{_schemas.Newest}.audit", StringComparison.Ordinal));
        await alter.ExecuteNonQueryAsync(Token);
    }

    protected override ValueTask CleanUpAsync() => _schemas.DisposeAsync();
}
