using ClaudeDrive.Hydration;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>The bucket of reads that all nodes share.</summary>
public abstract class ReadBudgetConformance : StoreConformance
{
    private static readonly ReadRequest One = new() { Bucket = "claude-1", PerMinute = 60, Want = 1 };

    [Fact]
    public async Task Take_NewBucket_GivesAMinutesReadsAndSaysHowLongToWait()
    {
        Assert.Equal(new ReadGrant(40, TimeSpan.Zero), await TakeAsync(40));

        var rest = await TakeAsync(40);

        Assert.Equal(20, rest.Granted);
        Assert.InRange(rest.Wait, TimeSpan.FromSeconds(0.999), TimeSpan.FromSeconds(1.001));
    }

    [Fact]
    public async Task Take_TimePasses_FlowsInEvenlyUpToAMinute()
    {
        await TakeAsync(60);
        Time.Advance(TimeSpan.FromSeconds(2.5));
        Assert.Equal(2, (await TakeAsync(60)).Granted);

        Time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(1, (await TakeAsync(60)).Granted);

        Time.Advance(TimeSpan.FromHours(3));
        Assert.Equal(60, (await TakeAsync(100)).Granted);
    }

    [Fact]
    public async Task Take_Reserve_IsLeftForOthers()
    {
        var calm = await Store.TakeReadsAsync(One with { Want = 100, Reserve = 15 }, Token);
        Assert.Equal(45, calm.Granted);
        Assert.InRange(calm.Wait, TimeSpan.FromSeconds(0.999), TimeSpan.FromSeconds(1.001));

        Assert.Equal(15, (await TakeAsync(100)).Granted);
        Assert.InRange((await Store.TakeReadsAsync(One with { Reserve = 15 }, Token)).Wait, TimeSpan.FromSeconds(15.999), TimeSpan.FromSeconds(16.001));
    }

    [Fact]
    public async Task Take_Nothing_GivesNothing() => Assert.Equal(new ReadGrant(0, TimeSpan.Zero), await TakeAsync(0));

    [Fact]
    public async Task Take_OtherBucket_IsFull()
    {
        await TakeAsync(60);

        Assert.Equal(60, (await Store.TakeReadsAsync(One with { Bucket = "claude-2", Want = 60 }, Token)).Granted);
    }

    [Fact]
    public async Task Take_Paused_NobodyGetsAnythingUntilTheLatestEnd()
    {
        Assert.Equal(0, (await Store.TakeReadsAsync(One with { Want = 0, PauseFor = TimeSpan.FromSeconds(30) }, Token)).Granted);
        var shorter = await Store.TakeReadsAsync(One with { PauseFor = TimeSpan.FromSeconds(10) }, Token);
        Assert.Equal(0, shorter.Granted);
        Assert.InRange(shorter.Wait, TimeSpan.FromSeconds(29.999), TimeSpan.FromSeconds(30.001));

        Time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.Equal(0, (await TakeAsync(1)).Granted);
        Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(1, (await TakeAsync(1)).Granted);
    }

    [Fact]
    public async Task Take_ManyAtOnce_NeverGivesMoreThanThereIs()
    {
        var grants = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => TakeAsync(7)));

        Assert.Equal(60, grants.Sum(static grant => grant.Granted));
    }

    private Task<ReadGrant> TakeAsync(int want) => Store.TakeReadsAsync(One with { Want = want }, Token).AsTask();
}
