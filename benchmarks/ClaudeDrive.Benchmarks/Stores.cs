using ClaudeDrive.Inbox;
using ClaudeDrive.Sqlite;
using ClaudeDrive.Storage;
using ClaudeDrive.Storage.InMemory;

namespace ClaudeDrive.Benchmarks;

/// <summary>The stores that are measured, as the server makes them.</summary>
internal static class Stores
{
    /// <summary>Without a disk: what the rest costs.</summary>
    public const string InMemory = "memory";

    /// <summary>On the local disk.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<string> All { get; } = [InMemory, Sqlite];

    /// <summary>The store in <paramref name="dataDirectory"/>, not yet opened.</summary>
    public static IDriveStore Make(string dataDirectory, TimeProvider time) => Make(Sqlite, dataDirectory, time);

    /// <summary>A store of a kind, not yet opened; one without a disk ignores the directory.</summary>
    public static IDriveStore Make(string kind, string dataDirectory, TimeProvider time) => kind switch
    {
        InMemory => new InMemoryDriveStore(time, Coalescing.Default),
        Sqlite => new SqliteDriveStore(new SqliteStoreOptions { DataDirectory = dataDirectory }, time, Coalescing.Default),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, $"One of {string.Join(", ", All)}."),
    };
}
