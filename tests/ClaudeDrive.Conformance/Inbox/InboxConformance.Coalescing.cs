using ClaudeDrive.Access;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <content>When a resource becomes due: one leading look, then at most one trailing look per window.</content>
public abstract partial class InboxConformance
{
    private static readonly ResourceKey Session1 = ResourceKey.Session("sesn_1");

    [Fact]
    public async Task Due_FirstEvent_IsDueNow()
    {
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);

        await AssertDueExactlyAsync(Now);
    }

    [Fact]
    public async Task Due_SecondEventBeforeTheFirstLook_DoesNotDelayIt()
    {
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);
        var due = Now;
        Time.Advance(TimeSpan.FromMilliseconds(40));
        await Store.StoreAsync(Given.Arrival("wevt_2"), Token);

        Assert.Equal(due, await Store.NextDueAsync(Token));
    }

    [Fact]
    public async Task Due_LookCompletedAndNothingCame_IsNotDueAtAll()
    {
        await LookOnceAsync();

        Assert.Null(await Store.NextDueAsync(Token));
        Time.Advance(TimeSpan.FromHours(1));
        await AssertNothingDueAsync();
    }

    [Fact]
    public async Task Due_EventWhileCooling_IsDueQuietAfterIt()
    {
        await LookOnceAsync();
        Time.Advance(TimeSpan.FromMilliseconds(60));

        await Store.StoreAsync(Given.Arrival("wevt_2"), Token);

        await AssertDueExactlyAsync(Now + Window.Quiet);
    }

    [Fact]
    public async Task Due_EventsWhileTrailing_WaitForQuietButNoLongerThanMaxWait()
    {
        await LookOnceAsync();
        var looked = Now;
        for (var i = 0; Now < looked + Window.MaxWait - Window.Quiet - TimeSpan.FromMilliseconds(60); i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(60));
            await Store.StoreAsync(Given.Arrival($"wevt_t{i}"), Token);
            Assert.Equal(Now + Window.Quiet, await Store.NextDueAsync(Token));
        }

        Time.Advance(TimeSpan.FromMilliseconds(90));
        await Store.StoreAsync(Given.Arrival("wevt_last"), Token);

        await AssertDueExactlyAsync(looked + Window.MaxWait);
    }

    [Fact]
    public async Task Due_EventAfterMaxWaitOfAnUnclaimedTrailingLook_IsDueNow()
    {
        await LookOnceAsync();
        await Store.StoreAsync(Given.Arrival("wevt_2"), Token);
        Time.Advance(Window.MaxWait + Window.MaxWait);

        await Store.StoreAsync(Given.Arrival("wevt_3"), Token);

        Assert.True(await Store.NextDueAsync(Token) <= Now);
        Assert.Equal(2, (await ClaimOneAsync()).Events.Count);
    }

    [Fact]
    public async Task Due_EventAfterCoolingEnded_IsDueNow()
    {
        await LookOnceAsync();
        Time.Advance(Window.Quiet + Tick);

        await Store.StoreAsync(Given.Arrival("wevt_2"), Token);

        await AssertDueExactlyAsync(Now);
    }

    [Fact]
    public async Task Due_EventDuringLease_IsDueQuietAfterTheLookAndNotClosedByIt()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        await Store.StoreAsync(Given.Arrival("wevt_2"), Token);
        await AssertNothingDueAsync();
        Time.Advance(TimeSpan.FromSeconds(5));

        await ApplyAsync(lease, Given.Change("sesn_1", null));

        Assert.Equal(EventState.Applied, (await EventAsync("wevt_1")).State);
        Assert.Equal(EventState.Pending, (await EventAsync("wevt_2")).State);
        await AssertDueExactlyAsync(Now + Window.Quiet);
        Assert.Equal(["wevt_2"], (await PendingIdsAsync()));
    }

    [Fact]
    public async Task Due_FiftyEventsInABurst_CostTwoLooks()
    {
        var looks = 0;
        for (var i = 0; i < 50; i++)
        {
            await Store.StoreAsync(Given.Arrival($"wevt_{i}"), Token);
            looks += await LookAtAllDueAsync();
            Time.Advance(TimeSpan.FromMilliseconds(20));
        }

        Time.Advance(Window.MaxWait);
        looks += await LookAtAllDueAsync();

        Assert.Equal(2, looks);
        Assert.Equal(50, (await Store.ListEventsAsync(Sight.Everything, new() { State = EventState.Applied }, new(1), Token)).Total);
    }

    [Fact]
    public async Task Due_LookAgainAfter_IsDueThenWithoutAnEvent()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));

        await ApplyAsync(lease, Given.Change("sesn_1", null) with { LookAgainAfter = TimeSpan.FromSeconds(1) });

        await AssertDueExactlyAsync(Now + TimeSpan.FromSeconds(1));
        Assert.Empty(await PendingIdsAsync());
    }

    [Fact]
    public async Task Due_EventDuringExpiredLease_IsPartOfTheNextClaim()
    {
        await ClaimNewAsync(Given.Arrival("wevt_1"));
        Time.Advance(LeaseFor);
        await Store.StoreAsync(Given.Arrival("wevt_2"), Token);

        var lease = await ClaimOneAsync();

        Assert.Equal(2, lease.Events.Count);
        await ApplyAsync(lease, Given.Change("sesn_1", null));
        Assert.Null(await Store.NextDueAsync(Token));
    }

    [Fact]
    public async Task Request_UnknownResource_IsDueNowWithoutEvents()
    {
        await Store.RequestAsync(new ResourceKey("vault_credential", "vcrd_1"), "vlt_1", WorkLane.Watched, Token);
        await Store.RequestAsync(new ResourceKey("vault_credential", "vcrd_1"), "vlt_1", WorkLane.Watched, Token);

        var lease = await ClaimOneAsync();

        Assert.Equal("vlt_1", lease.ParentId);
        Assert.Equal(WorkLane.Watched, lease.Lane);
        Assert.Empty(lease.Events);
        Assert.Null(lease.Endpoint);
        await ApplyAsync(lease, Given.Change(lease.Resource, null));
        Assert.Null(await Store.NextDueAsync(Token));
    }

    [Fact]
    public async Task Request_Cooling_IsDueNow()
    {
        await LookOnceAsync();

        await Store.RequestAsync(Session1, null, WorkLane.Watched, Token);

        await AssertDueExactlyAsync(Now);
    }

    [Fact]
    public async Task Request_WaitingOutAFailure_IsDueNow()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        await Store.RetryAsync(lease, "transient: 500", TimeSpan.FromMinutes(1), Token);

        await Store.RequestAsync(Session1, null, WorkLane.Watched, Token);

        await AssertDueExactlyAsync(Now);
    }

    [Fact]
    public async Task Request_Leased_IsDueAgainAfterTheLease()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));

        await Store.RequestAsync(Session1, null, WorkLane.Watched, Token);

        await AssertNothingDueAsync();
        await ApplyAsync(lease, Given.Change("sesn_1", null));
        Time.Advance(Window.Quiet);
        Assert.Empty((await ClaimOneAsync()).Events);
    }

    /// <summary>Nothing is due one tick before the instant, and one resource is at it.</summary>
    private async Task AssertDueExactlyAsync(DateTimeOffset due)
    {
        Assert.Equal(due, await Store.NextDueAsync(Token));
        if (due > Now)
        {
            Time.Advance(due - Now - Tick);
            await AssertNothingDueAsync();
            Time.Advance(Tick);
        }

        Assert.True(await Store.ReleaseAsync(await ClaimOneAsync(), Token));
    }

    private async Task LookOnceAsync() =>
        await ApplyAsync(await ClaimNewAsync(Given.Arrival("wevt_1")), Given.Change("sesn_1", null));

    private async Task<int> LookAtAllDueAsync()
    {
        var leases = await Store.ClaimAsync(200, LeaseFor, Token);
        foreach (var lease in leases)
        {
            await ApplyAsync(lease, Given.Change(lease.Resource, await Store.FindHeadAsync(Sight.Everything, lease.Resource, Token)));
        }

        return leases.Count;
    }

    private async Task<IReadOnlyList<string>> PendingIdsAsync() =>
        [.. (await Store.ListEventsAsync(Sight.Everything, new() { State = EventState.Pending }, new(200), Token)).Items.Select(e => e.Envelope.EventId)];
}
