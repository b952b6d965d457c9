using ClaudeDrive.Access;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Storage;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>Opening, closing and settings.</summary>
public abstract class LifecycleConformance : StoreConformance
{
    [Fact]
    public async Task Check_Open_Succeeds() => await Store.CheckAsync(Token);

    [Fact]
    public async Task Check_Closed_Throws()
    {
        await Store.DisposeAsync();

        await Assert.ThrowsAsync<DriveStoreException>(async () => await Store.CheckAsync(Token));
        await Assert.ThrowsAsync<DriveStoreException>(async () => await Store.StoreAsync(Given.Arrival("wevt_1"), Token));
    }

    [Fact]
    public async Task Dispose_Twice_IsAllowed()
    {
        await Store.DisposeAsync();
        await Store.DisposeAsync();
    }

    [Fact]
    public async Task Cancelled_BeforeTheCall_ThrowsAndStoresNothing()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.StoreAsync(Given.Arrival("wevt_1"), stop.Token));

        Assert.Null(await Store.FindEventAsync(Sight.Everything, null, "wevt_1", Token));
    }

    [Fact]
    public async Task Setting_AddedTwice_TheFirstHolds()
    {
        Assert.Null(await Store.FindSettingAsync("key", Token));

        Assert.Equal("it's 1 😀", await Store.AddSettingAsync("key", "it's 1 😀", Token));
        Assert.Equal("it's 1 😀", await Store.AddSettingAsync("key", "2", Token));
        Assert.Equal("", await Store.AddSettingAsync("Key", "", Token));

        Assert.Equal("it's 1 😀", await Store.FindSettingAsync("key", Token));
        Assert.Equal("", await Store.FindSettingAsync("Key", Token));
    }

    [Fact]
    public async Task Setting_AddedByManyAtOnce_AllGetTheSame()
    {
        var held = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Store.AddSettingAsync("key", $"{i}", Token).AsTask()));

        Assert.Single(held.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Stores_OverDifferentDatabases_ShareNothing()
    {
        var other = await OpenNewAsync();

        await other.StoreAsync(Given.Arrival("wevt_1"), Token);

        Assert.Null(await Store.FindEventAsync(Sight.Everything, null, "wevt_1", Token));
        Assert.NotNull(await other.FindEventAsync(Sight.Everything, null, "wevt_1", Token));
    }
}
