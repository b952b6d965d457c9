using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Tests.Fakes;
using Xunit;

namespace ClaudeDrive.Tests.Contexts;

public sealed class SessionSweepTests : IAsyncDisposable
{
    private readonly EngineRig _rig = new();

    private static CancellationToken Token => EngineRig.Token;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Sweep_SessionThatNoWebhookTold_BecomesAnInferredEventWithItsProof()
    {
        _rig.Claude.Session().Run();

        Assert.Equal(1, await SweepAsync());
        await _rig.SettleAsync();

        var record = Assert.Single((await EventsAsync()).Items);
        Assert.Equal((EventSource.Inferred, "session.status_run_started", SessionSweep.Endpoint), (record.Source, record.Envelope.EventType, record.Endpoint));
        Assert.Equal("req_1", record.ProofRequestId);
        Assert.Equal(EventState.Applied, record.State);
        Assert.Equal("inferred", (await _rig.Store.FindRevisionAsync(Sight.Everything, ResourceKey.Session("sesn_1"), 1, Token))!.Cause);
    }

    [Fact]
    public async Task Sweep_NothingMissed_TellsNothing()
    {
        _rig.Claude.Session().Run();
        await _rig.ArriveAsync("wevt_1");
        await _rig.SettleAsync();
        Assert.Equal(0, await SweepAsync());
        Assert.Equal(1, (await EventsAsync()).Total);
    }

    [Fact]
    public async Task Sweep_SameDifferenceAgain_IsToldOnce()
    {
        _rig.Claude.Session().Run();
        Assert.Equal(1, await SweepAsync());
        Assert.Equal(0, await SweepAsync());
        Assert.Equal(1, (await EventsAsync()).Total);
    }

    [Fact]
    public async Task Sweep_ChangedSinceTheLastLook_IsTold()
    {
        _rig.Claude.Session().Run();
        await SweepAsync();
        await _rig.SettleAsync();
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        _rig.Claude.Session().Idle("end_turn");

        Assert.Equal(1, await SweepAsync());
        await _rig.SettleAsync();
        Assert.Equal("finished", (await _rig.HeadAsync())!.Triage);
    }

    [Fact]
    public async Task Sweep_DifferenceWhoseLookWasGivenUp_IsLookedAtAgain()
    {
        _rig.Claude.Session().Run();
        await SweepAsync();
        _rig.Claude.Faults = static _ => Fault.Status(403);
        await _rig.SettleAsync();
        Assert.Equal(EventState.Dead, Assert.Single((await EventsAsync()).Items).State);
        _rig.Claude.Faults = static _ => null;

        await SweepAsync();
        await _rig.SettleAsync();

        Assert.Equal("running", (await _rig.HeadAsync())!.Status);
        Assert.Equal(EventState.Covered, Assert.Single((await EventsAsync()).Items).State);
    }

    [Fact]
    public async Task Sweep_SessionThatIsNoLongerListed_IsLookedAt()
    {
        _rig.Claude.Session().Run();
        await _rig.ArriveAsync("wevt_1");
        await _rig.SettleAsync();
        _rig.Claude.Sessions.Clear();
        _rig.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, await SweepAsync());
        await _rig.SettleAsync();
        Assert.Equal("gone", (await _rig.HeadAsync())!.Status);
        Assert.Equal(0, await SweepAsync());
    }

    [Fact]
    public async Task Sweep_ManyPages_NamesThePageThatShowedTheSession()
    {
        var transport = new ScriptedTransport(static request => request.Query.Contains("page=two", StringComparison.Ordinal)
            ? ScriptedTransport.Json($$"""{"data":[{{Events.Session("idle", 1, "sesn_b").GetRawText()}}],"next_page":null}""", 200, ("request-id", "req_two"))
            : ScriptedTransport.Json($$"""{"data":[{{Events.Session("idle", 1, "sesn_a").GetRawText()}},7,{"id":""}],"next_page":"two"}""", 200, ("request-id", "req_one")));
        using var api = Make.Api(transport, _rig.Time);
        using var sweep = new SessionSweep(
            _rig.Store, _rig.Store, api, _rig.Context, TimeSpan.FromMinutes(5), Microsoft.Extensions.Logging.Abstractions.NullLogger<SessionSweep>.Instance);

        Assert.Equal(2, await sweep.RunOnceAsync(Token));

        var events = (await EventsAsync()).Items.ToDictionary(static item => item.Envelope.SessionId!, static item => item.ProofRequestId);
        Assert.Equal(("req_one", "req_two"), (events["sesn_a"], events["sesn_b"]));
    }

    [Fact]
    public async Task Sweep_ApiAway_TellsNothingAndTheNextTriesAgain()
    {
        _rig.Claude.Session().Run();
        _rig.Claude.Faults = static _ => Fault.Status(500);
        Assert.Equal(0, await SweepAsync());
        _rig.Claude.Faults = static _ => null;
        Assert.Equal(1, await SweepAsync());
    }

    [Fact]
    public async Task Loop_AtStartAndEveryInterval_Sweeps()
    {
        using var sweep = _rig.Sweep(TimeSpan.FromMinutes(5));
        await sweep.StartAsync(Token);
        for (var expected = 1; expected <= 3; expected++)
        {
            Assert.True(SpinWait.SpinUntil(() => _rig.Claude.Gets >= expected, TimeSpan.FromSeconds(30)));
            _rig.Time.Advance(TimeSpan.FromMinutes(4));
            Assert.Equal(expected, _rig.Claude.Gets);
            for (var second = 0; second < 60 && _rig.Claude.Gets == expected; second++)
            {
                _rig.Time.Advance(TimeSpan.FromSeconds(60)); // Until the loop has begun to wait and the interval is over.
                SpinWait.SpinUntil(() => _rig.Claude.Gets > expected, 50);
            }
        }

        await sweep.StopAsync(Token);
    }

    private async Task<int> SweepAsync()
    {
        using var sweep = _rig.Sweep();
        return await sweep.RunOnceAsync(Token);
    }

    private ValueTask<Page<EventRecord>> EventsAsync() => _rig.Store.ListEventsAsync(Sight.Everything, new EventFilter(), new PageRequest(50), Token);
}
