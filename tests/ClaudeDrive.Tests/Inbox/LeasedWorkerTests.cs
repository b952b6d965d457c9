using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Storage;
using ClaudeDrive.Tests.Fakes;
using Xunit;

namespace ClaudeDrive.Tests.Inbox;

/// <summary>The loop that workers share, seen through the hydration worker.</summary>
public sealed class LeasedWorkerTests : IAsyncDisposable
{
    private const string Claim = nameof(IInboxStore.ClaimAsync);
    private const string NextDue = nameof(IInboxStore.NextDueAsync);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly EngineRig _rig;
    private FaultingStore _faults = null!;

    public LeasedWorkerTests() => _rig = new EngineRig(inner =>
    {
        (IDriveStore store, _faults) = FaultingStore.Over(inner);
        return store;
    });

    private static CancellationToken Token => EngineRig.Token;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Loop_NothingDue_ClaimsOnceAndSleeps()
    {
        using var worker = _rig.Hydration();
        await worker.StartAsync(Token);
        Until(() => _faults.Count(NextDue) == 1);

        for (var hour = 0; hour < 24; hour++)
        {
            _rig.Time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal((1, 1), (_faults.Count(Claim), _faults.Count(NextDue)));
        Assert.NotNull(worker.LastSeen);
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task Loop_WorkDueLater_SleepsUntilThen()
    {
        _rig.Claude.Faults = static _ => Fault.Status(429, "60");
        await _rig.ArriveAsync("wevt_1");
        using var worker = _rig.Hydration();
        await worker.StartAsync(Token);
        Until(() => _rig.Claude.Gets == 1 && _faults.Count(nameof(IInboxStore.SnoozeAsync)) == 1);
        Until(() => _faults.Count(NextDue) >= 1);
        _rig.Claude.Faults = static _ => null;
        _rig.Claude.Session().Run();

        for (var second = 0; second < 59; second++)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, _rig.Claude.Gets);
        Assert.InRange(_faults.Count(Claim), 1, 6);
        await DriveUntilAsync(async () => (await _rig.EventAsync("wevt_1")).State == EventState.Applied);
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task Loop_WorkDueInAYear_SleepsInPiecesAndReportsNothing()
    {
        await _rig.ArriveAsync("wevt_1");
        var lease = Assert.Single(await _rig.Inner.ClaimAsync(1, TimeSpan.FromSeconds(30), Token));
        Assert.True(await _rig.Inner.SnoozeAsync(lease, "told to wait", TimeSpan.FromDays(365), Token));
        using var worker = _rig.Hydration();
        await worker.StartAsync(Token);
        Until(() => _faults.Count(NextDue) == 1);

        _rig.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, _faults.Count(Claim));
        _rig.Time.Advance(TimeSpan.FromSeconds(1)); // Somebody may have set the clock: it has another look.
        Until(() => _faults.Count(NextDue) == 2);

        Assert.DoesNotContain(_rig.Logs.GetSnapshot(), static record => record.Id.Id == 2001);
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task Loop_NewArrival_WakesIt()
    {
        _rig.Claude.Session().Run();
        using var worker = _rig.Hydration();
        await worker.StartAsync(Token);
        Until(() => _faults.Count(NextDue) == 1);

        await _rig.ArriveAsync("wevt_1");

        Until(() => _faults.Count(nameof(IContextStore.ApplyAsync)) == 1);
        await worker.StopAsync(Token);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Loop_StoreAway_GoesOnAfterwards(bool isForeign)
    {
        _rig.Claude.Session().Run();
        await _rig.ArriveAsync("wevt_1");
        _faults.Before = name =>
        {
            if (name is Claim or NextDue)
            {
                throw isForeign ? new InvalidOperationException("a driver's own") : new DriveStoreException("The store is away.");
            }
        };
        using var worker = _rig.Hydration();
        await worker.StartAsync(Token);
        for (var failure = 1; failure <= 3; failure++)
        {
            var seen = failure;
            Until(() => _faults.Count(Claim) >= seen);
            await DriveUntilAsync(() => Task.FromResult(_faults.Count(Claim) > seen));
        }

        _faults.Before = static _ => { };
        await DriveUntilAsync(async () => (await _rig.EventAsync("wevt_1")).State == EventState.Applied);
        Assert.False(worker.ExecuteTask!.IsCompleted);
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task Stop_WorkInHand_WaitsForItAndGivesTheLeasesBack()
    {
        var sessions = _rig.Options.Concurrency + 12;
        for (var i = 0; i < sessions; i++)
        {
            await _rig.ArriveAsync($"wevt_{i}", $"sesn_{i}");
        }

        using var reached = new CountdownEvent(_rig.Options.Concurrency);
        var inHand = 0;
        _rig.Claude.Before = async (_, token) =>
        {
            Interlocked.Increment(ref inHand);
            reached.Signal();
            await Task.Delay(Timeout.Infinite, token);
        };
        using var worker = _rig.Hydration();
        await worker.StartAsync(Token);
        Assert.True(reached.Wait(Patience, Token));

        await worker.StopAsync(Token);

        Assert.Equal(_rig.Options.Concurrency, inHand);
        var leases = await _rig.Store.ClaimAsync(2 * sessions, TimeSpan.FromSeconds(1), Token);
        Assert.Equal(sessions, leases.Count);
        Assert.All(leases, static lease => Assert.Equal(0, lease.Attempts));
    }

    [Fact]
    public async Task Loop_ManyResources_NeverWorksOnMoreThanAllowed()
    {
        int now = 0, most = 0;
        for (var i = 0; i < 60; i++)
        {
            _rig.Claude.Session($"sesn_{i}").Run();
            await _rig.ArriveAsync($"wevt_{i}", $"sesn_{i}");
        }

        _rig.Claude.Before = async (_, _) =>
        {
            var current = Interlocked.Increment(ref now);
            InterlockedMax(ref most, current);
            await Task.Yield();
            Interlocked.Decrement(ref now);
        };
        using var worker = _rig.Hydration();
        await worker.StartAsync(Token);
        await DriveUntilAsync(async () => (await _rig.Store.CountAsync(Sight.Everything, DateTimeOffset.MinValue, Token)).Events.GetValueOrDefault(EventState.Applied) == 60);
        await worker.StopAsync(Token);

        Assert.InRange(most, 1, _rig.Options.Concurrency);
        Assert.Equal(120, _rig.Claude.Gets);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value)
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience));

    private async Task DriveUntilAsync(Func<Task<bool>> condition)
    {
        for (var step = 0; step < 2_000; step++)
        {
            if (await condition())
            {
                return;
            }

            SpinWait.SpinUntil(static () => false, 5);
            _rig.Time.Advance(TimeSpan.FromMilliseconds(250));
        }

        Assert.Fail("It never came to that.");
    }
}
