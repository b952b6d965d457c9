using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql;
using ClaudeDrive.Sqlite;
using ClaudeDrive.Storage;
using ClaudeDrive.Storage.InMemory;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClaudeDrive.Benchmarks;

/// <summary>The stores that are measured, as the server makes them.</summary>
internal static class Stores
{
    /// <summary>The SQLite store in <paramref name="dataDirectory"/>, or the PostgreSQL store of <paramref name="connection"/>; not yet opened.</summary>
    public static IDriveStore Make(string dataDirectory, string? connection, TimeProvider time) => connection is null
        ? new SqliteDriveStore(new SqliteStoreOptions { DataDirectory = dataDirectory }, time, Coalescing.Default)
        : Make(new PostgreSqlStoreOptions { ConnectionString = connection }, time);

    /// <summary>The PostgreSQL store of some options, not yet opened.</summary>
    public static IDriveStore Make(PostgreSqlStoreOptions options, TimeProvider time) =>
        new PostgreSqlDriveStore(options, "node_bench", Coalescing.Default, time, NullLogger<PostgreSqlDriveStore>.Instance);

    /// <summary>A store without a disk: what the rest costs.</summary>
    public static IDriveStore MakeInMemory(TimeProvider time) => new InMemoryDriveStore(time, Coalescing.Default);
}
