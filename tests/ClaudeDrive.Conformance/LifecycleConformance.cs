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

        Assert.Null(await Store.FindEventAsync(null, "wevt_1", Token));
    }

    [Fact]
    public async Task Setting_Set_IsReplacedAndFound()
    {
        Assert.Null(await Store.FindSettingAsync("sweep", Token));

        await Store.SetSettingAsync("sweep", "1", Token);
        await Store.SetSettingAsync("sweep", "it's 2 😀", Token);
        await Store.SetSettingAsync("Sweep", "", Token);

        Assert.Equal("it's 2 😀", await Store.FindSettingAsync("sweep", Token));
        Assert.Equal("", await Store.FindSettingAsync("Sweep", Token));
    }

    [Fact]
    public async Task Stores_OverDifferentDatabases_ShareNothing()
    {
        var other = await OpenNewAsync();

        await other.StoreAsync(Given.Arrival("wevt_1"), Token);

        Assert.Null(await Store.FindEventAsync(null, "wevt_1", Token));
        Assert.NotNull(await other.FindEventAsync(null, "wevt_1", Token));
    }
}
