using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>Retention: which events go. Its other part tests deliveries and the steps of a pass.</summary>
public abstract partial class RetentionConformance : StoreConformance
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(90);

    [Fact]
    public async Task Delete_EveryState_OnlyFinalOnesGo()
    {
        await StoreInEveryStateAsync();
        Time.Advance(KeepFor + Tick);
        await StoreYoungAsync();

        Assert.Equal(5, await PassAsync(RetainedRows.Events));

        await AssertEventsAsync("wevt_pending", "wevt_leased", "wevt_waiting", "wevt_dead", "wevt_unparsed", "wevt_young");
    }

    [Fact]
    public async Task Delete_NotOldEnough_NothingGoes()
    {
        await StoreInEveryStateAsync();
        Time.SetUtcNow(Given.Start + KeepFor);
        await StoreYoungAsync();

        Assert.Equal(0, await PassAsync(RetainedRows.Events));
    }

    [Fact]
    public async Task Delete_AtTheBoundary_OnlyTheOlderOneGoes()
    {
        await StoreAppliedAsync("wevt_older", Given.Start - Tick);
        await StoreAppliedAsync("wevt_exact", Given.Start);
        Time.SetUtcNow(Given.Start + KeepFor);
        await StoreYoungAsync();

        Assert.Equal(1, await PassAsync(RetainedRows.Events));

        await AssertEventsAsync("wevt_exact", "wevt_young");
    }

    [Fact]
    public async Task Delete_DeadLetterClosedLater_GoesInTheNextPass()
    {
        await ParkAsync("wevt_covered", "sesn_1");
        await ParkAsync("wevt_discarded", "sesn_2");
        Time.Advance(KeepFor + Tick);
        await StoreYoungAsync();
        Assert.Equal(0, await PassAsync(RetainedRows.Events));

        await LookAsync(ResourceKey.Session("sesn_1"), before => Given.Change("sesn_1", before));
        await Store.DiscardDeadAsync(Given.By("ada"), new() { EventId = "wevt_discarded" }, Token);

        Assert.Equal(2, await PassAsync(RetainedRows.Events));
        await AssertEventsAsync("wevt_young");
    }

    [Fact]
    public async Task Delete_EverythingIsOld_TheNewestStaysAndNoPositionIsGivenTwice()
    {
        await StoreAppliedAsync("wevt_1", Given.Start);
        await StoreAppliedAsync("wevt_2", Given.Start);
        var newest = (await EventAsync("wevt_2")).Seq;
        Time.Advance(KeepFor + Tick);

        Assert.Equal(1, await PassAsync(RetainedRows.Events));
        Assert.Equal(0, await PassAsync(RetainedRows.Events));

        Assert.Equal(newest, Assert.Single((await Store.ReadEventsAsync(Sight.Everything, 0, 10, Token)).Items).Seq);
        await StoreYoungAsync();
        Assert.True((await EventAsync("wevt_young")).Seq > newest);
        Assert.Equal(1, await PassAsync(RetainedRows.Events));
        await AssertEventsAsync("wevt_young");
    }

    [Fact]
    public async Task Delete_Some_CountsAndTotalsStayExact()
    {
        await StoreInEveryStateAsync();
        Time.Advance(KeepFor + Tick);
        await StoreYoungAsync();

        await PassAsync(RetainedRows.Events);

        var counts = (await Store.CountAsync(Sight.Everything, Given.Start, Token)).Events;
        Assert.Equal((4, 2), (counts[EventState.Pending], counts[EventState.Dead]));
        Assert.All(
            [EventState.Applied, EventState.Superseded, EventState.Covered, EventState.Discarded], state => Assert.Equal(0, counts.GetValueOrDefault(state)));
        Assert.Equal(6, (await Store.ListEventsAsync(Sight.Everything, new(), new(1), Token)).Total);
        foreach (var state in Enum.GetValues<EventState>())
        {
            Assert.Equal(counts.GetValueOrDefault(state), (await Store.ListEventsAsync(Sight.Everything, new() { State = state }, new(1), Token)).Total);
        }

        Assert.Equal(0, (await Store.ListEventsAsync(Sight.Everything, new() { SessionId = "sesn_applied" }, new(1), Token)).Total);
        Assert.Equal(1, (await Store.ListEventsAsync(Sight.Everything, new() { ResourceId = "sesn_dead" }, new(1), Token)).Total);
    }

    [Fact]
    public async Task Delete_Gone_IsUnknownAndARepeatIsNewAgain()
    {
        await StoreAppliedAsync("wevt_1", Given.Start);
        await StoreAppliedAsync("wevt_2", Given.Start + Tick);
        Time.Advance(KeepFor + Tick);
        await StoreYoungAsync();
        Assert.False(await Store.StoreAsync(Given.Arrival("wevt_1"), Token));

        await PassAsync(RetainedRows.Events);

        Assert.Null(await Store.FindEventAsync(Sight.Everything, null, "wevt_1", Token));
        Assert.Null(await Store.FindEventAsync(Sight.Everything, Given.Endpoint, "wevt_1", Token));
        Assert.False(await Store.StoreAsync(Given.Arrival("wevt_2"), Token));
        Assert.True(await Store.StoreAsync(Given.Arrival("wevt_1"), Token));
        Assert.Equal(1, (await EventAsync("wevt_1")).Deliveries);
    }

    [Fact]
    public async Task Delete_SameIdAtTwoEndpoints_EachGoesByItself()
    {
        await StoreAppliedAsync("wevt_1", Given.Start);
        await Store.StoreAsync(Nothing("wevt_1", Given.Start.AddDays(1)) with { Endpoint = "other" }, Token);
        Time.Advance(KeepFor + Tick);
        await StoreYoungAsync();

        Assert.Equal(1, await PassAsync(RetainedRows.Events));

        Assert.Null(await Store.FindEventAsync(Sight.Everything, Given.Endpoint, "wevt_1", Token));
        Assert.NotNull(await Store.FindEventAsync(Sight.Everything, "other", "wevt_1", Token));
    }

    [Fact]
    public async Task Delete_EventOfARevision_TheRevisionStaysWithItsCauses()
    {
        await ApplyAsync(await ClaimNewAsync(Given.Arrival("wevt_a")), Given.Change("sesn_1", null, "idle", Given.Blocker("sevt_1")));
        var before = await Store.FindRevisionAsync(Sight.Everything, ResourceKey.Session("sesn_1"), 1, Token);
        Time.Advance(KeepFor + Tick);
        await StoreYoungAsync();

        Assert.Equal(1, await PassAsync(RetainedRows.Events));

        var after = await Store.FindRevisionAsync(Sight.Everything, ResourceKey.Session("sesn_1"), 1, Token);
        Assert.Equal(["wevt_a", "wevt_b"], after!.EventIds);
        Assert.Equal(before!.Hash, after.Hash);
        Assert.Equal(1, (await Store.FindHeadAsync(Sight.Everything, ResourceKey.Session("sesn_1"), Token))!.Revision);
        Assert.Equal(1, (await Store.ListReviewsAsync(Sight.Everything, new(), new(5), Token)).Total);
    }

    [Fact]
    public async Task Delete_WhileWorkGoesOn_TheWorkEndsAsIfNothingWas()
    {
        await StoreAppliedAsync("wevt_old", Given.Start);
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);
        Time.Advance(KeepFor + Tick);
        var lease = await ClaimOneAsync();
        await StoreYoungAsync();

        Assert.Equal(1, await PassAsync(RetainedRows.Events));

        await ApplyAsync(lease, Given.Change("sesn_1", null));
        Assert.Equal(EventState.Applied, (await EventAsync("wevt_1")).State);
        Assert.Equal("wevt_young", Assert.Single((await ClaimOneAsync()).Events).Envelope.EventId);
    }

    private static InboxArrival Nothing(string eventId, DateTimeOffset receivedAt) =>
        Given.Arrival(Given.Envelope(eventId) with { Resource = null }) with { ReceivedAt = receivedAt };

    private async Task StoreYoungAsync() => Assert.True(await Store.StoreAsync(Given.Arrival("wevt_young", "sesn_young") with { ReceivedAt = Now }, Token));

    private async Task StoreAppliedAsync(string eventId, DateTimeOffset receivedAt) => Assert.True(await Store.StoreAsync(Nothing(eventId, receivedAt), Token));

    private async Task ParkAsync(string eventId, string sessionId) =>
        Assert.True(await Store.ParkAsync(await ClaimNewAsync(Given.Arrival(eventId, sessionId)), "permanent: 400", Token));

    private async Task StoreInEveryStateAsync()
    {
        await ApplyAsync(await ClaimNewAsync(Given.Arrival("wevt_applied", "sesn_applied")), Given.Change("sesn_applied", null));
        await StoreAppliedAsync("wevt_nothing_to_fetch", Given.Start);
        await ApplyAsync(
            await ClaimNewAsync(Given.Arrival("wevt_superseded", "sesn_superseded")),
            Given.Change("sesn_superseded", null) with { SupersedeBefore = DateTimeOffset.MaxValue });
        await ParkAsync("wevt_covered", "sesn_covered");
        await LookAsync(ResourceKey.Session("sesn_covered"), before => Given.Change("sesn_covered", before));
        await ParkAsync("wevt_discarded", "sesn_discarded");
        await Store.DiscardDeadAsync(Given.By("ada"), new(), Token);
        await ParkAsync("wevt_dead", "sesn_dead");
        await Store.StoreAsync(Given.Arrival(Given.Envelope("wevt_unparsed") with { Resource = null, IsParsed = false }), Token);
        await Store.RetryAsync(await ClaimNewAsync(Given.Arrival("wevt_waiting", "sesn_waiting")), "transient: 500", TimeSpan.FromDays(365), Token);
        await ClaimNewAsync(Given.Arrival("wevt_leased", "sesn_leased"));
        await Store.StoreAsync(Given.Arrival("wevt_pending", "sesn_pending"), Token);
    }

    /// <summary>One whole pass in steps of a few rows; returns how many rows went.</summary>
    private async Task<int> PassAsync(RetainedRows rows, int maxRows = 3)
    {
        var cut = new RetentionCut(rows, KeepFor, 0, maxRows);
        for (var (deleted, steps) = (0, 0); ; steps++)
        {
            Assert.True(steps < 1000, "The pass never ends.");
            var step = await Store.DeleteFinishedAsync(cut, Token);
            deleted += step.Deleted;
            if (step.IsLast)
            {
                return deleted;
            }

            cut = cut with { AfterSeq = step.ThroughSeq };
        }
    }

    private async Task AssertEventsAsync(params string[] eventIds)
    {
        var found = (await Store.ReadEventsAsync(Sight.Everything, 0, 100, Token)).Items;
        Assert.Equal(eventIds.Order(StringComparer.Ordinal), found.Select(e => e.Envelope.EventId).Order(StringComparer.Ordinal));
        Assert.Equal(eventIds.Length, (await Store.ListEventsAsync(Sight.Everything, new(), new(100), Token)).Items.Count);
    }
}
