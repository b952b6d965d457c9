using ClaudeDrive.Contexts;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Review;
using ClaudeDrive.Storage;
using ClaudeDrive.Tests.Fakes;
using Xunit;

namespace ClaudeDrive.Tests.Review;

/// <summary>Workers that die or stop at any point of a try: one answer at Claude, never none, never two.</summary>
public sealed class SendCrashTests : IAsyncDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(90);

    private readonly EngineRig _rig;
    private FaultingStore _faults = null!;

    public SendCrashTests() => _rig = new EngineRig(inner =>
    {
        (IDriveStore store, _faults) = FaultingStore.Over(inner);
        return store;
    });

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Crash_BetweenClaimAndSend_TheNextWorkerReadsBackAndSends()
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());
        Assert.Single(await _rig.Store.ClaimSendsAsync(1, Lease, EngineRig.Token));
        var gets = _rig.Claude.Gets;

        Assert.Equal(0, await _rig.SendOnceAsync());
        _rig.Time.Advance(Lease);
        Assert.Equal(1, await _rig.SendOnceAsync());

        await AssertResumedAsync(posts: 1);
        Assert.Equal(gets + 1, _rig.Claude.Gets);
    }

    [Fact]
    public async Task Crash_BetweenSendAndEnd_TheNextWorkerFindsTheAnswerAndSendsNothing()
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());
        _faults.Before = static name => ThrowAt(name, nameof(IReviewStore.EndSendAsync));
        await Assert.ThrowsAsync<DriveStoreException>(_rig.SendOnceAsync);
        _faults.Before = static _ => { };

        _rig.Time.Advance(Lease);
        await _rig.SendOnceAsync();

        await AssertResumedAsync(posts: 1);
    }

    [Fact]
    public async Task Crash_AfterTheEndIsStored_NothingIsSentAgain()
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());
        _faults.After = static name => ThrowAt(name, nameof(IReviewStore.EndSendAsync));
        await Assert.ThrowsAsync<DriveStoreException>(_rig.SendOnceAsync);
        _faults.After = static _ => { };

        _rig.Time.Advance(Lease);
        Assert.Equal(0, await _rig.SendOnceAsync());

        await AssertResumedAsync(posts: 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_WhileTheAnswerIsOnItsWay_IsReadBackNextTime(bool hasActed)
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());
        using var stop = new CancellationTokenSource();
        _rig.Claude.Faults = request => request.Method == "POST"
            ? new Fault(hasActed, () =>
            {
                stop.Cancel();
                throw new TaskCanceledException();
            })
            : null;
        using (var worker = _rig.Sender())
        {
            Assert.Equal(1, await worker.RunOnceAsync(stop.Token));
        }

        Assert.Equal(ReviewState.Verifying, (await _rig.ItemAsync()).State);
        _rig.Claude.Faults = static _ => null;
        await _rig.SendOnceAsync(); // At once: a stop is no failure.

        await AssertResumedAsync(posts: hasActed ? 1 : 2);
    }

    [Fact]
    public async Task Slow_ReadBackThatOutlivesTheSafeTime_DoesNotSend()
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());
        await _rig.Store.ClaimSendsAsync(1, TimeSpan.FromSeconds(1), EngineRig.Token);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        _faults.After = name =>
        {
            if (name == nameof(IContextStore.ListTranscriptAsync))
            {
                _rig.Time.Advance(TimeSpan.FromSeconds(61));
            }
        };

        await _rig.SendOnceAsync();

        Assert.Equal((ReviewState.Verifying, 0), ((await _rig.ItemAsync()).State, _rig.Claude.Posts));
        _faults.After = static _ => { };
        await _rig.SendOnceAsync();
        await AssertResumedAsync(posts: 1);
    }

    [Fact]
    public async Task TwoWorkers_OneAnswer_IsSentByOne()
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());
        var counts = await Task.WhenAll(_rig.SendOnceAsync(), _rig.SendOnceAsync(), _rig.SendOnceAsync());
        Assert.Equal(1, counts.Sum());
        await AssertResumedAsync(posts: 1);
    }

    [Theory]
    [InlineData("""{"type":"message","text":"go on"}""", "refusal")]
    [InlineData("""{"type":"interrupt"}""", "retries_exhausted")]
    public async Task Ambiguous_IdenticalOlderEvents_AreNotTakenForOurs(string answer, string reason)
    {
        await OlderEventsAsync(answer, reason);
        await _rig.AnswerAsync(await _rig.ItemAsync(), answer);
        LosePostOnce(hasActed: false);
        await _rig.SendOnceAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(2));

        await _rig.SendOnceAsync();

        await AssertResumedAsync(posts: 2);
    }

    [Theory]
    [InlineData("""{"type":"message","text":"go on"}""", "refusal")]
    [InlineData("""{"type":"interrupt"}""", "retries_exhausted")]
    public async Task Ambiguous_TakenAndAlreadySeenByALook_IsRecognisedAsOurs(string answer, string reason)
    {
        await OlderEventsAsync(answer, reason);
        await _rig.AnswerAsync(await _rig.ItemAsync(), answer);
        LosePostOnce(hasActed: true);
        await _rig.SendOnceAsync();
        await _rig.ArriveAsync("wevt_look");
        await _rig.SettleAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(2));

        await _rig.SendOnceAsync();

        await AssertResumedAsync(posts: 1);
    }

    [Theory]
    [InlineData("""{"type":"budget","amount":"5000"}""", "5000")]
    [InlineData("""{"type":"budget","amount":null}""", null)]
    public async Task Budget_AmbiguousThenAgain_IsSet(string answer, string? amount)
    {
        _rig.Claude.Session().Idle("budget_reached");
        await _rig.ArriveAsync("wevt_1");
        await _rig.SettleAsync();
        await _rig.AnswerAsync(await _rig.ItemAsync(), answer);
        LosePostOnce(hasActed: true);
        await _rig.SendOnceAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(2));
        await _rig.SendOnceAsync();

        Assert.Equal(ReviewState.Resumed, (await _rig.ItemAsync()).State);
        Assert.Equal(amount is null ? "null" : $$$"""{"type":"limit","max_list_cost":{"amount":"{{{amount}}}","currency":"USD"}}""", _rig.Claude.Session().Budget);
    }

    private async Task OlderEventsAsync(string answer, string reason)
    {
        _rig.Claude.Session().ResumesByItself = false;
        _rig.Claude.Session().Add(answer.Contains("message", StringComparison.Ordinal) ? Events.Message("sevt_old", 0) : Events.Event("sevt_old", "user.interrupt", 0));
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        _rig.Claude.Session().Idle(reason);
        await _rig.ArriveAsync("wevt_1");
        await _rig.SettleAsync();
    }

    private async Task AssertResumedAsync(int posts)
    {
        var accepted = Assert.Single(_rig.Claude.Session().Accepted);
        var item = await _rig.ItemAsync();
        Assert.Equal((ReviewState.Resumed, accepted.GetProperty("id").GetString(), posts), (item.State, item.AnswerEventId, _rig.Claude.Posts));
    }

    private void LosePostOnce(bool hasActed)
    {
        var isFirst = true;
        _rig.Claude.Faults = request =>
        {
            var fails = request.Method == "POST" && isFirst;
            isFirst &= !fails;
            return fails ? Fault.Lost(hasActed) : null;
        };
    }

    private static void ThrowAt(string name, string method)
    {
        if (name == method)
        {
            throw new DriveStoreException("The store is away.");
        }
    }
}
