using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Storage;
using ClaudeDrive.Storage.InMemory;
using Microsoft.Extensions.Logging.Testing;
using Xunit;

namespace ClaudeDrive.Tests.Inbox.Spool;

/// <summary>An in-memory store that fails on command, with a spool before it.</summary>
internal sealed class SpooledStore : IAsyncDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private SpooledStore(SpoolDirectory directory, DeliverySpool spool)
    {
        Directory = directory;
        Spool = spool;
        Inner = new InMemoryDriveStore(directory.Time, Coalescing.Default);
        Store = FaultingStore.Wrap(Inner, Faults);
        Intake = new DeliveryIntake(Store, spool, directory.Time, new FakeLogger<DeliveryIntake>());
        Drain = NewDrain();
    }

    public SpoolDirectory Directory { get; }

    public DeliverySpool Spool { get; private set; }

    public StoreFaults Faults { get; } = new();

    public InMemoryDriveStore Inner { get; }

    public IDriveStore Store { get; }

    public DeliveryIntake Intake { get; }

    public SpoolDrainWorker Drain { get; private set; }

    public StoreGate Gate { get; } = new();

    public FakeLogger<SpoolDrainWorker> DrainLog { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static SpooledStore Open(long maxBytes = 1 << 30, int segmentBytes = 4 << 20)
    {
        var directory = new SpoolDirectory();
        return new SpooledStore(directory, directory.Open(maxBytes, segmentBytes));
    }

    /// <summary>As after a crash: nothing is known but what the files and the store hold.</summary>
    public async Task RestartAsync()
    {
        await Spool.DisposeAsync();
        Spool = Directory.Open(segmentBytes: 2_000);
        Drain = NewDrain();
    }

    public Task<DeliveryOutcome> KeepAsync(int number) => Intake.KeepAsync(SpoolDirectory.Arrival(number), Timeout).AsTask();

    /// <summary>Keeps an event while the store hangs: the clock moves until the wait is over.</summary>
    public async Task<DeliveryOutcome> KeepThroughTimeoutAsync(int number)
    {
        var keeping = KeepAsync(number);
        while (!keeping.IsCompleted && !Spool.GoesFirst)
        {
            // Only until the store is given up: the disk is not to time out too.
            Directory.Time.Advance(Timeout);
            await Task.Yield();
        }

        return await keeping;
    }

    /// <summary>The inbox's events, oldest first.</summary>
    public async Task<IReadOnlyList<EventRecord>> EventsAsync() => (await Inner.ReadEventsAsync(Sight.Everything, 0, 100_000, Token)).Items;

    public async Task<IReadOnlyList<string>> IdsAsync() => [.. (await EventsAsync()).Select(static one => one.Envelope.EventId)];

    public async Task<IReadOnlyList<DeliveryRecord>> DeliveriesAsync() =>
        (await Inner.ListDeliveriesAsync(Sight.Everything, new DeliveryFilter(), new PageRequest(PageRequest.MaxLimit), Token)).Items;

    public async ValueTask DisposeAsync()
    {
        Drain.Dispose();
        await Directory.DisposeAsync();
    }

    private SpoolDrainWorker NewDrain() => new(Spool, Store, Gate, Directory.Time, DrainLog);
}
