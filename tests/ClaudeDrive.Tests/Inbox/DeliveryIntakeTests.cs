using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Storage.InMemory;
using ClaudeDrive.Tests.Inbox.Spool;
using Microsoft.Extensions.Logging.Testing;
using Xunit;

namespace ClaudeDrive.Tests.Inbox;

public sealed class DeliveryIntakeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keep_StoreWorks_SpoolIsNotTouched()
    {
        await using var world = SpooledStore.Open();

        Assert.Equal(DeliveryOutcome.Accepted, await world.KeepAsync(1));
        Assert.Equal(DeliveryOutcome.Duplicate, await world.KeepAsync(1));

        Assert.Empty(world.Directory.Segments);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Keep_StoreThrows_SpooledAndOneEventAfterTheDrain(bool afterCommit, int deliveries)
    {
        await using var world = SpooledStore.Open();
        world.Faults.All(afterCommit ? StoreFault.AfterCommit : StoreFault.BeforeCommit);

        Assert.Equal(DeliveryOutcome.Spooled, await world.KeepAsync(1));
        world.Faults.All(StoreFault.None);
        Assert.Equal(1, await world.Drain.RunOnceAsync(Token));

        var one = Assert.Single(await world.EventsAsync());
        Assert.Equal(("wevt_1", EventState.Pending), (one.Envelope.EventId, one.State));
        Assert.Equal(deliveries, (await world.DeliveriesAsync()).Count);
        var delivery = Assert.Single(await world.DeliveriesAsync(), static row => row.Outcome == DeliveryOutcome.Spooled);
        Assert.Equal((Given.Facts, Given.Start), (delivery.Facts, delivery.ReceivedAt));
    }

    [Fact]
    public async Task Keep_CommitTimesOutAndSucceedsLater_OneEvent()
    {
        await using var world = SpooledStore.Open();
        world.Faults.Only("StoreAsync", StoreFault.Late);

        Assert.Equal(DeliveryOutcome.Spooled, await world.KeepThroughTimeoutAsync(1));
        world.Faults.All(StoreFault.None);
        await world.Drain.RunOnceAsync(Token);
        while ((await world.EventsAsync()) is [{ Deliveries: < 2 }])
        {
            // The late call runs on a thread of its own.
            await Task.Yield();
        }

        Assert.Equal("wevt_1", Assert.Single(await world.IdsAsync()));
    }

    [Fact]
    public async Task Keep_AfterATimeout_StoreIsNotAskedUntilTheDrainWorks()
    {
        await using var world = SpooledStore.Open();
        world.Faults.Only("StoreAsync", StoreFault.Hang);
        Assert.Equal(DeliveryOutcome.Spooled, await world.KeepThroughTimeoutAsync(1));

        var asked = 0;
        world.Faults.By((name, _) =>
        {
            asked += name == "StoreAsync" ? 1 : 0;
            return StoreFault.None;
        });
        Assert.Equal(DeliveryOutcome.Spooled, await world.KeepAsync(2));
        Assert.Equal(0, asked);
        await world.Drain.RunOnceAsync(Token);

        Assert.Equal(DeliveryOutcome.Accepted, await world.KeepAsync(3));
        Assert.Equal(SpoolDirectory.Ids([1, 2, 3]), await world.IdsAsync());
    }

    [Fact]
    public async Task Keep_SpoolFull_UnavailableAndTheStoreIsAskedAgain()
    {
        await using var world = SpooledStore.Open(maxBytes: 1_000);
        world.Faults.Only("StoreAsync", StoreFault.Hang);
        var number = 0;
        while (await world.KeepThroughTimeoutAsync(number) == DeliveryOutcome.Spooled)
        {
            number++;
        }

        Assert.InRange(number, 2, 6);
        world.Faults.All(StoreFault.None);
        Assert.Equal(DeliveryOutcome.Accepted, await world.KeepAsync(100));
        await world.Drain.RunOnceAsync(Token);
        Assert.Equal(["wevt_100", .. SpoolDirectory.Ids(Enumerable.Range(0, number))], await world.IdsAsync());
    }

    [Fact]
    public async Task Keep_NoDirectory_Unavailable()
    {
        await using var world = SpooledStore.Open();
        var faults = new StoreFaults();
        faults.All(StoreFault.BeforeCommit);
        await using var off = world.Directory.Make(on: false);
        var intake = new DeliveryIntake(
            FaultingStore.Wrap(new InMemoryDriveStore(TimeProvider.System, Coalescing.Default), faults), off, TimeProvider.System, new FakeLogger<DeliveryIntake>());

        Assert.Equal(DeliveryOutcome.Unavailable, await intake.KeepAsync(SpoolDirectory.Arrival(1), SpooledStore.Timeout));
    }
}
