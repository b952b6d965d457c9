using ClaudeDrive.Conformance;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Storage;
using ClaudeDrive.Storage.InMemory;
using ClaudeDrive.Tests.Inbox.Spool;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Xunit;

namespace ClaudeDrive.Tests.Hosting;

public sealed class StoreOpenerTests : IAsyncLifetime
{
    private readonly SpoolDirectory _directory = new();
    private readonly StoreFaults _faults = new();
    private readonly StoreGate _gate = new();
    private readonly FakeLogger<StoreOpener> _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _directory.DisposeAsync();

    [Fact]
    public async Task Start_StoreOpens_GateIsOpenAndSpoolTaken()
    {
        var spool = _directory.Make();
        using var opener = Make(spool);

        await opener.StartingAsync(Token);

        Assert.True(_gate.IsOpen);
        Assert.Throws<DriveStoreException>(() => _directory.Open());
        Assert.Equal(0, _log.Collector.Count);
    }

    [Fact]
    public async Task Start_StoreHangs_GoesOnAfterItsPatience()
    {
        _faults.Only("OpenAsync", StoreFault.Late);
        using var opener = Make(_directory.Make());

        var starting = opener.StartingAsync(Token);
        await UntilAsync(() => starting.IsCompleted);
        await starting;

        Assert.False(_gate.IsOpen);
        _faults.All(StoreFault.None);
        await _gate.WaitAsync(Token);
        await opener.StoppedAsync(Token);
    }

    [Fact]
    public async Task Start_StoreFailsForAWhile_IsTriedUntilItOpens()
    {
        var tries = 0;
        _faults.By((_, _) => ++tries < 4 ? StoreFault.BeforeCommit : StoreFault.None);
        using var opener = Make(_directory.Make());

        await opener.StartingAsync(Token);
        Assert.False(_gate.IsOpen);
        await UntilAsync(() => _log.Collector.LatestRecord.Id.Id == 2121);

        Assert.True(_gate.IsOpen);
        Assert.Equal([2120, 2120, 2120, 2121], _log.Collector.GetSnapshot().Select(static record => record.Id.Id));
        await opener.StoppedAsync(Token);
    }

    [Fact]
    public async Task Start_RefusalShowsOnlyLater_IsLoudAndTheProcessGoesOn()
    {
        var tries = 0;
        _faults.By((_, _) => ++tries == 1 ? StoreFault.BeforeCommit : StoreFault.Refused);
        using var opener = Make(_directory.Make());
        await opener.StartingAsync(Token);
        await UntilAsync(() => _log.Collector.LatestRecord.Level == LogLevel.Critical);

        Assert.False(_gate.IsOpen);
        await opener.StoppedAsync(Token);
    }

    [Fact]
    public async Task Start_SpoolHeldByAnother_Refused()
    {
        await using var other = _directory.Open();
        using var opener = Make(_directory.Make());

        var refused = await Assert.ThrowsAsync<DriveStoreException>(() => opener.StartingAsync(Token));

        Assert.True(refused.IsPermanent);
    }

    [Fact]
    public async Task Start_SpoolCannotBeUsed_StartsAndSaysSo()
    {
        await File.WriteAllTextAsync(_directory.Path, "a file where the directory should be", Token);
        using var opener = Make(_directory.Make());

        await opener.StartingAsync(Token);

        Assert.True(_gate.IsOpen);
        Assert.Equal(2108, Assert.Single(_log.Collector.GetSnapshot()).Id.Id);
        File.Delete(_directory.Path);
        Directory.CreateDirectory(_directory.Path);
    }

    private StoreOpener Make(DeliverySpool spool) =>
        new(FaultingStore.Wrap(new InMemoryDriveStore(_directory.Time, Coalescing.Default), _faults), _gate, spool, _directory.Time, _log);

    private async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            _directory.Time.Advance(StoreOpener.Patience);
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }
    }
}
