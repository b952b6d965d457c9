using ClaudeDrive.Contexts;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Storage;
using ClaudeDrive.Tests.Fakes;
using Xunit;

namespace ClaudeDrive.Tests.Contexts;

/// <summary>Leases, stops, outages and surprises around a look.</summary>
public sealed class HydrationWorkerLeaseTests : IAsyncDisposable
{
    private readonly EngineRig _rig;
    private FaultingStore _faults = null!;

    public HydrationWorkerLeaseTests() => _rig = new EngineRig(inner =>
    {
        (IDriveStore store, _faults) = FaultingStore.Over(inner);
        return store;
    });

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Stop_DuringTheFetch_GivesTheWorkBackWithoutAnAttempt()
    {
        _rig.Claude.Session().Run();
        await _rig.ArriveAsync("wevt_1");
        using var stop = new CancellationTokenSource();
        _rig.Claude.Before = async (_, token) =>
        {
            await stop.CancelAsync();
            token.ThrowIfCancellationRequested();
        };
        using (var worker = _rig.Hydration())
        {
            await worker.RunOnceAsync(stop.Token);
        }

        Assert.Equal((EventState.Pending, 0), ((await _rig.EventAsync("wevt_1")).State, (await _rig.EventAsync("wevt_1")).Attempts));
        _rig.Claude.Before = static (_, _) => Task.CompletedTask;
        var lease = Assert.Single(await _rig.Store.ClaimAsync(1, TimeSpan.FromSeconds(1), EngineRig.Token)); // Due now, not after the lease.
        Assert.Equal(0, lease.Attempts);
    }

    [Fact]
    public async Task Fetch_LongerThanTheLease_IsKeptByRenewing()
    {
        _rig.Claude.Session().Run();
        await _rig.ArriveAsync("wevt_1");
        _rig.Options.Lease = TimeSpan.FromSeconds(6);
        var gate = HoldFirstRequest();
        using var worker = _rig.Hydration();
        var look = worker.RunOnceAsync(EngineRig.Token);
        await gate.Reached;
        for (var renewals = 1; renewals <= 12; renewals++)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(2));
            Assert.True(SpinWait.SpinUntil(() => _faults.Count(nameof(IInboxStore.RenewAsync)) == renewals, TimeSpan.FromSeconds(30)));
            Assert.Empty(await _rig.Store.ClaimAsync(1, TimeSpan.FromSeconds(1), EngineRig.Token));
        }

        gate.Open();
        await look;
        Assert.Equal(EventState.Applied, (await _rig.EventAsync("wevt_1")).State);
    }

    [Fact]
    public async Task Lease_LostToAnother_ChangesNothing()
    {
        _rig.Claude.Session().Run();
        await _rig.ArriveAsync("wevt_1");
        var gate = HoldFirstRequest();
        _faults.Before = static name => ThrowAt(name, nameof(IInboxStore.RenewAsync)); // This worker sleeps; it does not renew.
        using var worker = _rig.Hydration();
        var look = worker.RunOnceAsync(EngineRig.Token);
        await gate.Reached;
        _rig.Time.Advance(TimeSpan.FromSeconds(29)); // The renewal fails: the work is cancelled.
        await look;
        Assert.Null(await _rig.HeadAsync());
        Assert.Equal((EventState.Pending, 0), ((await _rig.EventAsync("wevt_1")).State, (await _rig.EventAsync("wevt_1")).Attempts));

        _faults.Before = static _ => { };
        _rig.Claude.Before = static (_, _) => Task.CompletedTask;
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        await _rig.SettleAsync();
        Assert.Equal(EventState.Applied, (await _rig.EventAsync("wevt_1")).State);
    }

    [Fact]
    public async Task Lease_TakenByAnotherWhileWeSlept_RefusesOurChange()
    {
        _rig.Claude.Session().Run();
        await _rig.ArriveAsync("wevt_1");
        var old = Assert.Single(await _rig.Store.ClaimAsync(1, TimeSpan.FromSeconds(30), EngineRig.Token));
        _rig.Time.Advance(TimeSpan.FromSeconds(30));
        await _rig.SettleAsync();
        var head = await _rig.HeadAsync();

        var change = new ContextChange { Head = head! with { Revision = 2 }, BaseRevision = 1 };
        Assert.Equal(ApplyOutcome.LeaseLost, await _rig.Store.ApplyAsync(old, change, EngineRig.Token));
        Assert.False(await _rig.Store.RenewAsync(old, TimeSpan.FromSeconds(30), EngineRig.Token));
        Assert.Equal(head, await _rig.HeadAsync());
    }

    [Fact]
    public async Task Look_ApplyCommittedButTheAnswerLost_IsNotAppliedTwice()
    {
        _rig.Claude.Session().Run();
        await _rig.ArriveAsync("wevt_1");
        _faults.After = static name => ThrowAt(name, nameof(IContextStore.ApplyAsync));
        using (var worker = _rig.Hydration())
        {
            await Assert.ThrowsAsync<DriveStoreException>(() => worker.RunOnceAsync(EngineRig.Token));
        }

        _faults.After = static _ => { };
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        await _rig.SettleAsync();
        var head = await _rig.HeadAsync();
        Assert.Equal((1, 1), (head!.Revision, SessionFold.Parse(head.FoldJson).Events));
    }

    [Fact]
    public async Task Look_Surprise_SpendsAttemptsAndEndsAsADeadLetter()
    {
        _rig.Claude.Session().Run();
        await _rig.ArriveAsync("wevt_1");
        _faults.Before = static name =>
        {
            if (name == nameof(IContextStore.RecentEventIdsAsync))
            {
                throw new FormatException("nobody foresaw this");
            }
        };
        for (var i = 0; i < 3; i++)
        {
            using var worker = _rig.Hydration();
            Assert.Equal(1, await worker.RunOnceAsync(EngineRig.Token));
            _rig.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var record = await _rig.EventAsync("wevt_1");
        Assert.Equal((EventState.Dead, "defect: FormatException"), (record.State, record.LastError));
        Assert.Contains(_rig.Logs.GetSnapshot(), static log => log.Exception is FormatException);
    }

    [Fact]
    public async Task Look_ContextMovedMeanwhile_IsLookedAtAgain()
    {
        _rig.Claude.Session().Run();
        await _rig.ArriveAsync("wevt_1");
        var first = true;
        _faults.Before = name =>
        {
            if (name == nameof(IContextStore.ApplyAsync) && first)
            {
                first = false;
                StoreAnotherRevision();
            }
        };

        await _rig.SettleAsync();

        var head = await _rig.HeadAsync();
        Assert.Equal("running", head!.Status);
        Assert.Equal(1, SessionFold.Parse(head.FoldJson).Events);
        Assert.Equal(EventState.Applied, (await _rig.EventAsync("wevt_1")).State);
    }

    // As if the revision had moved by other means than this lease: one call says so, the next is refused by nothing.
    private void StoreAnotherRevision() => _faults.Instead = static name =>
        name == nameof(IContextStore.ApplyAsync) ? new ValueTask<ApplyOutcome>(ApplyOutcome.BaseMoved) : (object?)null;

    private Gate HoldFirstRequest()
    {
        var gate = new Gate();
        _rig.Claude.Before = gate.WaitAsync;
        return gate;
    }

    private static void ThrowAt(string name, string method)
    {
        if (name == method)
        {
            throw new DriveStoreException("The store is away.");
        }
    }

    private sealed class Gate
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Open() => _open.TrySetResult();

        public async Task WaitAsync(SentRequest request, CancellationToken cancellationToken)
        {
            _reached.TrySetResult();
            await _open.Task.WaitAsync(cancellationToken);
        }
    }
}
