using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql;
using ClaudeDrive.Sqlite;
using ClaudeDrive.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClaudeDrive.Benchmarks;

/// <summary>The stores that are measured, as the server makes them.</summary>
internal static class Stores
{
    /// <summary>The SQLite store in <paramref name="dataDirectory"/>, or the PostgreSQL store of <paramref name="connection"/>; not yet opened.</summary>
    public static IDriveStore Make(string dataDirectory, string? connection, TimeProvider time) => connection is null
        ? new SqliteDriveStore(new SqliteStoreOptions { DataDirectory = dataDirectory }, time, Coalescing.Default)
        : new PostgreSqlDriveStore(
            new PostgreSqlStoreOptions { ConnectionString = connection }, "node_bench", Coalescing.Default, time, NullLogger<PostgreSqlDriveStore>.Instance);
}
