using ClaudeDrive.Benchmarks.Whole.Loads;
using ClaudeDrive.Benchmarks.Whole.Stores;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>Every part of the benchmark, in the order they run in.</summary>
internal static class AllScenarios
{
    private const int Many = 256;
    private const int CalmRate = 1000;

    private static readonly int[] Callers = [1, 8, 32, 64, 128, 256];

    private static readonly PeerSubject Empty = new("a1", "A1 empty Kestrel route", "empty");
    private static readonly PeerSubject Verify = new("a2", "A2 read and verify, no store", "verify");
    private static readonly PeerSubject Log = new("b5", "B5 append-only log, group commit", "log");
    private static readonly BullMqSubject Queue = new();

    /// <summary>Makes them. <paramref name="stores"/> must live as long as they run; claims come before growth, which leaves work behind.</summary>
    public static IReadOnlyList<IScenario> Make(SeededStores stores) =>
    [
        new LoadScenario("ingest", "Saturated, 64 connections", static bench =>
        [
            LoadCell.Of(Empty, bench.NewLoad(64)), LoadCell.Of(Verify, bench.NewLoad(64)), LoadCell.Of(Log, bench.NewLoad(64)),
            .. Products(bench, bench.NewLoad(64)), .. RandomIds(bench), LoadCell.Of(Queue, bench.NewLoad(64)), LoadCell.Of(new NodePostgresSubject(), bench.NewLoad(64)),
        ]),
        new LoadScenario("many", "Saturated, 256 connections", static bench =>
        [
            LoadCell.Of(Verify, bench.NewLoad(Many)), LoadCell.Of(Log, bench.NewLoad(Many)),
            .. Products(bench, bench.NewLoad(Many)), LoadCell.Of(Queue, bench.NewLoad(Many)),
        ]),
        new LoadScenario("slow", "Saturated, 64 connections, every fsync 2 ms longer", static bench => Slow(bench, 64)),
        new LoadScenario("slowmany", "Saturated, 256 connections, every fsync 2 ms longer", static bench => Slow(bench, Many)),
        new LoadScenario("rate", "1,000 a second; latency from the instant a request was due", static bench =>
        [
            LoadCell.Of(Verify, bench.NewLoad(64, CalmRate)), .. Products(bench, bench.NewLoad(64, CalmRate)), LoadCell.Of(Queue, bench.NewLoad(64, CalmRate)),
        ]),
        new LoadScenario("batch", "Saturated, by connections: a commit carries about half of them", ByConnections),
        new ObservedScenario(),
        new VerifyScenario(),
        new ClaimScenario(stores),
        new GrowthScenario(stores),
        new ApplyScenario(),
        new DrainScenario(stores),
        new StartScenario(),
        new DemoScenario(),
    ];

    private static IEnumerable<LoadCell> Products(Bench bench, Load load, bool slow = false) =>
        bench.Options.Stores.Select(store => LoadCell.Of(store, load, slow));

    private static IEnumerable<LoadCell> ByConnections(Bench bench) => bench.Options.Stores.SelectMany(
        store => Callers.Select(count => new LoadCell($"{store.Key}-{count}", $"{store.Name}, {count}", store, bench.NewLoad(count))));

    private static IEnumerable<LoadCell> RandomIds(Bench bench) => bench.Options.Stores
        .Select(store => new LoadCell($"{store.Key}-random", $"{store.Name}, random ids", store, bench.NewLoad(64) with { RandomIds = true }));

    private static IEnumerable<LoadCell> Slow(Bench bench, int connections) =>
    [
        LoadCell.Of(Log, bench.NewLoad(connections), slowFsync: true),
        .. Products(bench, bench.NewLoad(connections), slow: true),
        LoadCell.Of(Queue, bench.NewLoad(connections), slowFsync: true),
    ];
}
