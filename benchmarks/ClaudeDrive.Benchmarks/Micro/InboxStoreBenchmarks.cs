using BenchmarkDotNet.Attributes;
using ClaudeDrive.Benchmarks.Seeding;
using ClaudeDrive.PostgreSql;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Benchmarks.Micro;

/// <summary>
/// The inbox of each store: storing by 64 callers at once, as 64 connections do, and claiming and applying what is due. One invocation is a batch;
/// times are for one event or one resource.
/// </summary>
public class InboxStoreBenchmarks
{
    private const int Callers = 64;
    private const int PerCaller = 50;
    private const int Resources = 1000;
    private const int ClaimSize = 100;

    private const string Memory = "memory";
    private const string Sqlite = "sqlite";
    private const string PostgreSql = "postgresql";
    private static int _schemas;

    private string _directory = "";
    private IDriveStore _store = null!;
    private int _runs;

    /// <summary>The stores to compare. PostgreSQL where one is given, as for the tests: <c>eng/postgres start DIR</c> prints the variable.</summary>
    public static IEnumerable<string> Kinds => Connection is null ? [Memory, Sqlite] : [Memory, Sqlite, PostgreSql];

    private static string? Connection => Environment.GetEnvironmentVariable("CLAUDEDRIVE_TEST_POSTGRES");

    [ParamsSource(nameof(Kinds))]
    public string Store { get; set; } = "";

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _directory = Directory.CreateTempSubdirectory("claudedrive-benchmark-").FullName;
        _store = Store switch
        {
            Memory => Stores.MakeInMemory(TimeProvider.System),
            Sqlite => Stores.Make(_directory, null, TimeProvider.System),
            _ => Stores.Make(new PostgreSqlStoreOptions { ConnectionString = Connection!, Schema = $"bench_{Environment.ProcessId}_{_schemas++}" }, TimeProvider.System),
        };
        await _store.OpenAsync(CancellationToken.None);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Callers * PerCaller)]
    public async Task StoreAsync()
    {
        var arrivals = NewSeeder(Callers * PerCaller).Sessions(0, Callers * PerCaller).Values.SelectMany(static session => session.Arrivals()).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(arrivals.AsMemory(caller * PerCaller, PerCaller))));
    }

    [Benchmark(OperationsPerInvoke = Resources)]
    public async Task StoreClaimAndApplyAsync()
    {
        var seeder = NewSeeder(Resources);
        var sessions = seeder.Sessions(0, Resources);
        await seeder.StoreAsync(sessions.Values, CancellationToken.None);
        while (await _store.ClaimAsync(ClaimSize, Seeder.Lease, CancellationToken.None) is { Count: > 0 } leases)
        {
            await seeder.ApplyAsync(leases, sessions, CancellationToken.None);
        }
    }

    // A new prefix each time: every event and every session is new.
    private Seeder NewSeeder(int sessions) => new(
        _store,
        new SeedPlan { Prefix = $"B{_runs++}X", Events = sessions, Sessions = sessions, WaitingEvery = 0, DeadEvery = 0 },
        TimeProvider.System);

    private async Task CallAsync(ReadOnlyMemory<Inbox.InboxArrival> arrivals)
    {
        for (var i = 0; i < arrivals.Length; i++)
        {
            await _store.StoreAsync(arrivals.Span[i], CancellationToken.None);
        }
    }
}
