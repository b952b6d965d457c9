using ClaudeDrive.Inbox;
using ClaudeDrive.Sqlite;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Benchmarks;

/// <summary>The stores that are measured, as the server makes them.</summary>
internal static class Stores
{
    /// <summary>The store in <paramref name="dataDirectory"/>, not yet opened.</summary>
    public static IDriveStore Make(string dataDirectory, TimeProvider time) =>
        new SqliteDriveStore(new SqliteStoreOptions { DataDirectory = dataDirectory }, time, Coalescing.Default);
}
