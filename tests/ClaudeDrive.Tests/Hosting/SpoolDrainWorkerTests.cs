using ClaudeDrive.Conformance;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Tests.Inbox.Spool;
using Xunit;

namespace ClaudeDrive.Tests.Hosting;

public sealed class SpoolDrainWorkerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunOnce_MoreThanABatch_KeepsTheOrder()
    {
        await using var world = await FilledAsync(700);

        Assert.Equal(700, await world.Drain.RunOnceAsync(Token));

        Assert.Equal(SpoolDirectory.Ids(Enumerable.Range(0, 700)), await world.IdsAsync());
        Assert.Empty(world.Directory.Segments);
        Assert.Equal(0, await world.Drain.RunOnceAsync(Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunOnce_KilledAtEveryCall_NothingIsLostAndNothingHasTwoEffects(bool afterCommit)
    {
        for (var dieAt = 1; dieAt <= 40; dieAt += 3)
        {
            await using var world = await FilledAsync(30);
            var calls = 0;
            world.Faults.By((name, _) => name == "StoreAsync" && ++calls >= dieAt
                ? afterCommit && calls == dieAt ? StoreFault.AfterCommit : StoreFault.BeforeCommit
                : StoreFault.None);
            try
            {
                await world.Drain.RunOnceAsync(Token);
            }
            catch (DriveStoreException)
            {
                // The crash.
            }

            world.Faults.All(StoreFault.None);
            await world.RestartAsync();
            await world.Drain.RunOnceAsync(Token);

            Assert.Equal(SpoolDirectory.Ids(Enumerable.Range(0, 30)), await world.IdsAsync());
            Assert.Equal(1, (await world.EventsAsync()).Max(static one => one.Deliveries) - (afterCommit && dieAt <= 30 ? 1 : 0));
            Assert.Empty(world.Directory.Segments);
        }
    }

    [Fact]
    public async Task RunOnce_OneRecordRefusedForLong_IsSetAsideAndTheRestGoesOn()
    {
        await using var world = await FilledAsync(10);
        world.Faults.By(static (name, args) => name == "StoreAsync" && ((InboxArrival)args[0]!).Envelope.EventId == "wevt_4" ? StoreFault.BeforeCommit : StoreFault.None);
        var failures = 0;
        while (!world.Spool.IsEmpty)
        {
            try
            {
                await world.Drain.RunOnceAsync(Token);
            }
            catch (DriveStoreException)
            {
                failures++;
                world.Directory.Time.Advance(TimeSpan.FromSeconds(40));
            }
        }

        Assert.InRange(failures, RefusalCount.Enough - 1, RefusalCount.Enough + 3);
        Assert.Equal(SpoolDirectory.Ids([0, 1, 2, 3, 5, 6, 7, 8, 9]), await world.IdsAsync());
        Assert.EndsWith(".refused", Assert.Single(world.Directory.Aside), StringComparison.Ordinal);
        Assert.Single(world.DrainLog.Collector.GetSnapshot(), static record => record.Id.Id == 2112);
    }

    [Fact]
    public async Task RunOnce_StoreDownForLong_NothingIsSetAside()
    {
        await using var world = await FilledAsync(3);
        world.Faults.All(StoreFault.BeforeCommit);
        for (var i = 0; i < 3 * RefusalCount.Enough; i++)
        {
            await Assert.ThrowsAsync<DriveStoreException>(() => world.Drain.RunOnceAsync(Token));
            world.Directory.Time.Advance(TimeSpan.FromMinutes(1));
        }

        world.Faults.All(StoreFault.None);
        Assert.Equal(3, await world.Drain.RunOnceAsync(Token));
        Assert.Empty(world.Directory.Aside);
    }

    [Fact]
    public async Task RunOnce_StoreHangs_GivesUpAndTriesAgain()
    {
        await using var world = await FilledAsync(3);
        world.Faults.Only("StoreAsync", StoreFault.Hang);
        var pass = world.Drain.RunOnceAsync(Token);
        while (!pass.IsCompleted)
        {
            world.Directory.Time.Advance(SpoolDrainWorker.BatchTimeout);
            await Task.Yield();
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pass);
        world.Faults.All(StoreFault.None);
        Assert.Equal(3, await world.Drain.RunOnceAsync(Token));
    }

    [Fact]
    public async Task Worker_StoreOpensAndFailsAndWorks_MovesWhatWaitsWithoutBeingAsked()
    {
        await using var world = await FilledAsync(5);
        await world.Drain.StartAsync(Token);
        world.Faults.All(StoreFault.BeforeCommit);
        world.Gate.Open();
        while (world.DrainLog.Collector.Count == 0)
        {
            await Task.Yield();
        }

        Assert.Equal(2111, Assert.Single(world.DrainLog.Collector.GetSnapshot()).Id.Id);
        world.Faults.All(StoreFault.None);
        while (!world.Spool.IsEmpty)
        {
            world.Directory.Time.Advance(SpoolDrainWorker.MaxPause);
            await Task.Yield();
        }

        Assert.Equal(SpoolOutcome.Written, await world.Spool.AppendAsync(SpoolDirectory.Arrival(5), Token));
        while (!world.Spool.IsEmpty)
        {
            await Task.Yield();
        }

        await world.Drain.StopAsync(Token);
        Assert.Equal(SpoolDirectory.Ids(Enumerable.Range(0, 6)), await world.IdsAsync());
    }

    private static async Task<SpooledStore> FilledAsync(int count)
    {
        var world = SpooledStore.Open(segmentBytes: 20_000);
        await Task.WhenAll(Enumerable.Range(0, count).Select(number => world.Spool.AppendAsync(SpoolDirectory.Arrival(number), Token).AsTask()));
        return world;
    }
}
