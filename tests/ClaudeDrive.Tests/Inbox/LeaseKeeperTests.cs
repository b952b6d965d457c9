using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Tests.Inbox;

public sealed class LeaseKeeperTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = Make.Time();
    private int _renewals;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keep_AtEachThird_Renews()
    {
        await using var keeper = Keeper(static () => true);
        for (var expected = 1; expected <= 9; expected++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            Assert.True(SpinWait.SpinUntil(() => _renewals == expected, TimeSpan.FromSeconds(30)));
        }

        Assert.False(keeper.Token.IsCancellationRequested);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keep_LeaseLostOrStoreAway_CancelsTheWork(bool isAway)
    {
        await using var keeper = Keeper(() => isAway ? throw new DriveStoreException("away") : false);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(keeper.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, _renewals);
    }

    [Fact]
    public async Task Keep_Stopping_CancelsTheWork()
    {
        using var stop = new CancellationTokenSource();
        await using var keeper = Keeper(static () => true, stop.Token);
        await stop.CancelAsync();
        Assert.True(keeper.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Dispose_WorkDone_RenewsNoMore()
    {
        await Keeper(static () => true).DisposeAsync();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _renewals);
    }

    private LeaseKeeper Keeper(Func<bool> renew, CancellationToken? stopping = null) => new(
        Lease,
        _time,
        _ =>
        {
            Interlocked.Increment(ref _renewals);
            return ValueTask.FromResult(renew());
        },
        stopping ?? Token);
}
