using ClaudeDrive.Contexts;
using ClaudeDrive.Tests.Fakes;
using Microsoft.Extensions.Logging.Testing;
using Xunit;

namespace ClaudeDrive.Tests.Contexts;

public sealed class HandlerWorkerTests : IAsyncDisposable
{
    private readonly EngineRig _rig = new();
    private readonly List<string> _seen = [];
    private Func<ContextChanged, Exception?> _fails = static _ => null;

    private static CancellationToken Token => EngineRig.Token;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Run_Revisions_AreHandledInOrderAndOnce()
    {
        await RevisionsAsync(3);
        Assert.Equal(3, await RunAsync());
        Assert.Equal(0, await RunAsync());
        await RevisionsAsync(1);
        Assert.Equal(1, await RunAsync());
        Assert.Equal(["sesn_1 1", "sesn_1 2", "sesn_1 3", "sesn_1 4"], _seen);
    }

    [Fact]
    public async Task Run_HandlerThrows_TheSameChangeComesAgainFirst()
    {
        await RevisionsAsync(3);
        _fails = static change => change.Revision == 2 ? new InvalidOperationException("not now") : null;
        await Assert.ThrowsAsync<InvalidOperationException>(RunAsync);
        await Assert.ThrowsAsync<InvalidOperationException>(RunAsync);
        _fails = static _ => null;
        Assert.Equal(2, await RunAsync());
        Assert.Equal(["sesn_1 1", "sesn_1 2", "sesn_1 2", "sesn_1 2", "sesn_1 3"], _seen);
    }

    [Fact]
    public async Task Run_TwoHandlers_KeepTheirOwnPlaces()
    {
        await RevisionsAsync(2);
        await RunAsync("a");
        await RevisionsAsync(1);
        Assert.Equal(1, await RunAsync("a"));
        Assert.Equal(3, await RunAsync("b"));
    }

    [Fact]
    public async Task Change_OfAPause_ShowsWhatIsWaitedFor()
    {
        ContextChanged? last = null;
        _fails = change =>
        {
            last = change;
            return null;
        };
        await _rig.PausedAsync("sevt_A");
        await RunAsync();

        Assert.Equal(("idle", "needs_answer", "webhook"), (last!.Status, last.Triage, last.Cause));
        Assert.Equal(new WaitingFor("sevt_A", "custom_tool", "approve"), Assert.Single(last.Blockers));
        Assert.Equal("Refund 4711", last.Fetched.GetProperty("title").GetString());
        Assert.NotEmpty(last.EventIds);
    }

    [Fact]
    public async Task Loop_FailureThenSignal_WaitsOutTheScheduleAndGoesOn()
    {
        await RevisionsAsync(1);
        _fails = static _ => new InvalidOperationException("not now");
        using var worker = Worker("a");
        await worker.StartAsync(Token);
        Until(() => Seen == 1);
        for (var i = 0; i < 20; i++)
        {
            _rig.Signal.Pulse(); // News do not make a failing handler run hot.
        }

        Assert.Equal(1, Seen);
        _fails = static _ => null;
        for (var i = 0; i < 200 && Seen < 2; i++)
        {
            SpinWait.SpinUntil(() => Seen >= 2, 5);
            _rig.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(2, Seen);
        await worker.StopAsync(Token);
        Assert.Contains(_rig.Logs.GetSnapshot(), static log => log.Exception is InvalidOperationException);
    }

    [Fact]
    public async Task Loop_Signal_HandlesAtOnce()
    {
        using var worker = Worker("a");
        await worker.StartAsync(Token);
        await RevisionsAsync(1); // The look pulses the signal.
        Until(() => Seen == 1);
        await worker.StopAsync(Token);
        Assert.True(worker.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Stop_DuringACall_DoesNotAdvance()
    {
        await RevisionsAsync(1);
        var reached = new TaskCompletionSource();
        using (var worker = new HandlerWorker("a", async (_, token) =>
        {
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        }, _rig.Store, _rig.Signal, _rig.Context, new FakeLogger<HandlerWorker>(_rig.Logs)))
        {
            await worker.StartAsync(Token);
            await reached.Task;
            await worker.StopAsync(Token);
        }

        Assert.Equal(1, await RunAsync("a"));
    }

    private int Seen
    {
        get
        {
            lock (_seen)
            {
                return _seen.Count;
            }
        }
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60)));

    private async Task RevisionsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _rig.Claude.Session().Run();
            await _rig.ArriveAsync($"wevt_{_rig.Time.GetUtcNow().Ticks}");
            await _rig.SettleAsync();
            _rig.Time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private async Task<int> RunAsync() => await RunAsync("a");

    private async Task<int> RunAsync(string name)
    {
        using var worker = Worker(name);
        return await worker.RunOnceAsync(Token);
    }

    private HandlerWorker Worker(string name) => new(
        name,
        (change, _) =>
        {
            lock (_seen)
            {
                _seen.Add($"{change.Resource.Id} {change.Revision}");
            }

            return _fails(change) is { } exception ? throw exception : ValueTask.CompletedTask;
        },
        _rig.Store,
        _rig.Signal,
        _rig.Context,
        new FakeLogger<HandlerWorker>(_rig.Logs));
}
