using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.Storage.InMemory;
using ClaudeDrive.Tests.Fakes;
using Xunit;
using FaultingStore = ClaudeDrive.Conformance.FaultingStore;

namespace ClaudeDrive.Tests.Inbox;

/// <summary>Waits are used again: what one of them went through must not reach the next.</summary>
public sealed class CommitWaitTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Store_AfterATimeout_TheNextWaitIsItsOwn()
    {
        var (time, faults) = (Make.Time(), new StoreFaults());
        await using var store = FaultingStore.Wrap(new InMemoryDriveStore(time, Coalescing.Default), faults);
        await store.OpenAsync(Token);
        var pool = new CommitWait.Pool(time);
        faults.Only("StoreAsync", StoreFault.Hang);
        var hung = pool.StoreAsync(store, Given.Arrival("wevt_1"), Limit).AsTask();
        time.Advance(Limit - TimeSpan.FromTicks(1));
        Assert.False(hung.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));
        await Assert.ThrowsAsync<TimeoutException>(() => hung);

        faults.All(StoreFault.None);
        Assert.True(await pool.StoreAsync(store, Given.Arrival("wevt_2"), Limit));
        Assert.False(await pool.StoreAsync(store, Given.Arrival("wevt_2"), Limit));
    }

    [Fact]
    public async Task Store_UsedAgain_TheLimitCountsFromEachUse()
    {
        var (time, faults) = (Make.Time(), new StoreFaults());
        await using var store = FaultingStore.Wrap(new InMemoryDriveStore(time, Coalescing.Default), faults);
        await store.OpenAsync(Token);
        var pool = new CommitWait.Pool(time);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await pool.StoreAsync(store, Given.Arrival($"wevt_{i}"), Limit));
            time.Advance(Limit * 0.75);
        }

        faults.Only("StoreAsync", StoreFault.Hang);
        var hung = pool.StoreAsync(store, Given.Arrival("wevt_9"), Limit).AsTask();
        time.Advance(Limit * 0.75);
        Assert.False(hung.IsCompleted);
        time.Advance(Limit);
        await Assert.ThrowsAsync<TimeoutException>(() => hung);
        faults.All(StoreFault.None);
    }

    [Fact]
    public async Task Store_ManyAtOnce_EachHasItsOwnAnswer()
    {
        var time = TimeProvider.System;
        await using var store = new InMemoryDriveStore(time, Coalescing.Default);
        await store.OpenAsync(Token);
        var pool = new CommitWait.Pool(time);
        for (var round = 0; round < 20; round++)
        {
            var numbers = Enumerable.Range(0, 50).ToList();
            var isNew = await Task.WhenAll(numbers.Select(i => Task.Run(
                async () => await pool.StoreAsync(store, Given.Arrival($"wevt_{round}_{i / 2}"), Limit), Token)));
            Assert.Equal(25, isNew.Count(static one => one));
        }
    }
}
