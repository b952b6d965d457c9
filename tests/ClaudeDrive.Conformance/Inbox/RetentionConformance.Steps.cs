using ClaudeDrive.Access;
using ClaudeDrive.Inbox;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <content>Deliveries, and the steps of a pass.</content>
public abstract partial class RetentionConformance
{
    [Fact]
    public async Task DeleteDeliveries_OldEnough_GoWhateverTheirOutcome()
    {
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);
        await Store.StoreAsync(Given.Arrival("wevt_2") with { WasSpooled = true }, Token);
        await Store.RecordDeliveriesAsync(
            [Refused(Given.Start) with { Count = 40 }, Refused(Given.Start) with { Outcome = DeliveryOutcome.Unavailable, EventId = "wevt_3" }], Token);
        await Store.RecordDeliveriesAsync([Refused(Given.Start + Tick)], Token);
        Time.SetUtcNow(Given.Start + KeepFor + Tick);
        await StoreYoungAsync();

        Assert.Equal(5, await PassAsync(RetainedRows.Deliveries));

        var left = await Store.ListDeliveriesAsync(Sight.Everything, new(), new(10), Token);
        Assert.Equal([Now, Given.Start + Tick], left.Items.Select(row => row.ReceivedAt));
        Assert.Equal(2, left.Total);
        Assert.Equal(0, (await Store.ListDeliveriesAsync(Sight.Everything, new() { EventId = "wevt_1" }, new(10), Token)).Total);
        Assert.Equal(1, (await Store.CountAsync(Sight.Everything, Given.Start, Token)).Deliveries[DeliveryOutcome.Rejected]);
        Assert.Equal(2, (await EventAsync("wevt_1")).Deliveries);
    }

    [Fact]
    public async Task DeleteDeliveries_EverythingIsOld_TheNewestStaysAndNoPositionIsGivenTwice()
    {
        await Store.RecordDeliveriesAsync([Refused(Given.Start), Refused(Given.Start)], Token);
        var newest = (await Store.ListDeliveriesAsync(Sight.Everything, new(), new(1), Token)).Items[0].Seq;
        Time.Advance(KeepFor + Tick);

        Assert.Equal(1, await PassAsync(RetainedRows.Deliveries));
        Assert.Equal(0, await PassAsync(RetainedRows.Deliveries));

        await Store.RecordDeliveriesAsync([Refused(Now)], Token);
        var rows = (await Store.ListDeliveriesAsync(Sight.Everything, new(), new(10), Token)).Items;
        Assert.Equal(newest, rows[1].Seq);
        Assert.True(rows[0].Seq > newest);
    }

    [Fact]
    public async Task Delete_EventWithYoungerDeliveries_TheyStillNameIt()
    {
        await Store.StoreAsync(Nothing("wevt_1", Given.Start), Token);
        await Store.StoreAsync(Nothing("wevt_1", Given.Start + Tick), Token);
        await Store.StoreAsync(Nothing("wevt_1", Given.Start + Tick) with { Endpoint = "other" }, Token);
        Time.SetUtcNow(Given.Start + KeepFor + Tick);
        await StoreYoungAsync();

        Assert.Equal(1, await PassAsync(RetainedRows.Deliveries));
        Assert.Equal(1, await PassAsync(RetainedRows.Events));

        var rows = await Store.ListDeliveriesAsync(Sight.Everything, new(), new(10), Token);
        Assert.Equal(["wevt_young", "wevt_1", "wevt_1"], rows.Items.Select(row => row.EventId));
        Assert.Equal(2, (await Store.ListDeliveriesAsync(Sight.Everything, new() { EventId = "wevt_1" }, new(10), Token)).Total);
        Assert.Equal(1, (await Store.ListDeliveriesAsync(Sight.Everything, new() { EventId = "wevt_1", Endpoint = Given.Endpoint }, new(10), Token)).Total);

        // The same event again: its own deliveries and those of the one before are told of together.
        Assert.True(await Store.StoreAsync(Nothing("wevt_1", Now), Token));
        Assert.Equal(3, (await Store.ListDeliveriesAsync(Sight.Everything, new() { EventId = "wevt_1" }, new(10), Token)).Total);
    }

    [Fact]
    public async Task Delete_KeptForEverAndDeliveriesNot_EventsAreUntouched()
    {
        await StoreAppliedAsync("wevt_1", Given.Start);
        Time.Advance(KeepFor + Tick);
        await StoreYoungAsync();

        Assert.Equal(1, await PassAsync(RetainedRows.Deliveries));

        await AssertEventsAsync("wevt_1", "wevt_young");
        Assert.Equal(1, (await EventAsync("wevt_1")).Deliveries);
    }

    [Theory]
    [InlineData("events")]
    [InlineData("deliveries")]
    public async Task Delete_MoreThanAStep_GoesOnBehindIt(string table)
    {
        var rows = RowsOf(table);
        for (var i = 0; i < 25; i++)
        {
            await StoreAppliedAsync($"wevt_{i:00}", Given.Start);
        }

        Time.Advance(KeepFor + Tick);
        await StoreYoungAsync();

        var first = await Store.DeleteFinishedAsync(new(rows, KeepFor, 0, 10), Token);
        var second = await Store.DeleteFinishedAsync(new(rows, KeepFor, first.ThroughSeq, 10), Token);
        var third = await Store.DeleteFinishedAsync(new(rows, KeepFor, second.ThroughSeq, 10), Token);

        Assert.Equal((10, false, 10, false, 5, true), (first.Deleted, first.IsLast, second.Deleted, second.IsLast, third.Deleted, third.IsLast));
        Assert.True(0 < first.ThroughSeq && first.ThroughSeq < second.ThroughSeq && second.ThroughSeq < third.ThroughSeq);
        Assert.Equal(0, await PassAsync(rows));
    }

    [Fact]
    public async Task Delete_SameStepTwice_TheSecondFindsNothing()
    {
        await StoreAppliedAsync("wevt_1", Given.Start);
        Time.Advance(KeepFor + Tick);
        await StoreYoungAsync();
        var cut = new RetentionCut(RetainedRows.Events, KeepFor, 0, 10);

        Assert.Equal(1, (await Store.DeleteFinishedAsync(cut, Token)).Deleted);
        Assert.Equal(0, (await Store.DeleteFinishedAsync(cut, Token)).Deleted);
    }

    [Fact]
    public async Task Delete_KeptRowsAtTheHead_AreLookedAtOnce()
    {
        for (var i = 0; i < 6; i++)
        {
            await ParkAsync($"wevt_dead_{i}", $"sesn_{i}");
        }

        await StoreAppliedAsync("wevt_old", Given.Start);
        Time.Advance(KeepFor + Tick);
        await StoreYoungAsync();

        var first = await Store.DeleteFinishedAsync(new(RetainedRows.Events, KeepFor, 0, 6), Token);
        var second = await Store.DeleteFinishedAsync(new(RetainedRows.Events, KeepFor, first.ThroughSeq, 6), Token);

        Assert.Equal((0, false), (first.Deleted, first.IsLast));
        Assert.Equal((1, true), (second.Deleted, second.IsLast));
    }

    [Fact]
    public async Task Delete_AllTooYoung_EndsThePass()
    {
        await StoreAppliedAsync("wevt_1", Given.Start);
        await StoreAppliedAsync("wevt_2", Given.Start);
        await StoreAppliedAsync("wevt_drained_late", Given.Start.AddDays(-1));
        await StoreAppliedAsync("wevt_3", Given.Start);
        await StoreAppliedAsync("wevt_drained_later", Given.Start.AddDays(-1));
        await StoreAppliedAsync("wevt_4", Given.Start);
        Time.SetUtcNow(Given.Start + KeepFor);

        var step = await Store.DeleteFinishedAsync(new(RetainedRows.Events, KeepFor, 0, 2), Token);

        Assert.Equal((0, true), (step.Deleted, step.IsLast));
        Assert.Equal(0, await PassAsync(RetainedRows.Events, maxRows: 2));
        Assert.Equal(2, await PassAsync(RetainedRows.Events, maxRows: 3));
    }

    [Fact]
    public async Task Delete_RowsFromTheFuture_DoNotEndThePass()
    {
        await StoreAppliedAsync("wevt_future_1", Given.Start.AddYears(50));
        await StoreAppliedAsync("wevt_future_2", Given.Start.AddYears(50));
        await StoreAppliedAsync("wevt_old", Given.Start);
        Time.Advance(KeepFor + Tick);
        await StoreYoungAsync();

        var first = await Store.DeleteFinishedAsync(new(RetainedRows.Events, KeepFor, 0, 2), Token);

        Assert.Equal((0, false), (first.Deleted, first.IsLast));
        Assert.Equal(1, await PassAsync(RetainedRows.Events, maxRows: 2));
        await AssertEventsAsync("wevt_future_1", "wevt_future_2", "wevt_young");
    }

    [Theory]
    [InlineData("events")]
    [InlineData("deliveries")]
    public async Task Delete_NothingThere_IsTheEnd(string table)
    {
        var rows = RowsOf(table);
        Assert.Equal(new RetentionStep(0, 0, true), await Store.DeleteFinishedAsync(new(rows, KeepFor, 0, 10), Token));
        Assert.Equal(new RetentionStep(0, 99, true), await Store.DeleteFinishedAsync(new(rows, KeepFor, 99, 10), Token));
    }

    [Fact]
    public async Task Delete_WhileEventsAreStored_NoneOfThemIsMissedAndCountsStayExact()
    {
        for (var i = 0; i < 300; i++)
        {
            await StoreAppliedAsync($"wevt_{i}", Given.Start);
        }

        Time.Advance(KeepFor + Tick);
        await StoreYoungAsync();
        var stores = Enumerable.Range(0, 300).Select(i => Task.Run(() => Store.StoreAsync(Nothing($"wevt_new_{i}", Now), Token).AsTask(), Token)).ToList();
        var passes = Enumerable.Range(0, 2).Select(_ => Task.Run(() => PassAsync(RetainedRows.Events, maxRows: 7), Token)).ToList();

        Assert.All(await Task.WhenAll(stores).WaitAsync(Timeout, Token), Assert.True);
        var deleted = await Task.WhenAll(passes).WaitAsync(Timeout, Token);

        Assert.Equal(300, deleted.Sum() + await PassAsync(RetainedRows.Events));
        Assert.Equal(301, (await Store.ListEventsAsync(Sight.Everything, new(), new(1), Token)).Total);
        Assert.Equal(300, (await Store.CountAsync(Sight.Everything, Given.Start, Token)).Events[EventState.Applied]);
        Assert.Equal(301, (await Store.ReadEventsAsync(Sight.Everything, 0, 1000, Token)).Items.Count);
    }

    private static RetainedRows RowsOf(string table) => table == "events" ? RetainedRows.Events : RetainedRows.Deliveries;

    private static DeliveryRecord Refused(DateTimeOffset receivedAt) => new()
    {
        Endpoint = Given.Endpoint,
        ReceivedAt = receivedAt,
        Outcome = DeliveryOutcome.Rejected,
        Code = "signature_missing",
        Facts = Given.Facts,
    };
}
