using ClaudeDrive.Access;
using ClaudeDrive.Inbox;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>The log of delivery attempts.</summary>
public abstract class DeliveriesConformance : StoreConformance
{
    [Fact]
    public async Task Store_WithFacts_RecordsTheDelivery()
    {
        await Store.StoreAsync(Given.Arrival("wevt_1") with { ReceivedAt = Given.Start.AddSeconds(1) }, Token);
        await Store.StoreAsync(Given.Arrival("wevt_1") with { ReceivedAt = Given.Start.AddSeconds(2) }, Token);

        var page = await Store.ListDeliveriesAsync(Sight.Everything, new(), new(10), Token);

        Assert.Equal([DeliveryOutcome.Duplicate, DeliveryOutcome.Accepted], page.Items.Select(row => row.Outcome));
        Assert.True(page.Items[0].Seq > page.Items[1].Seq);
        Assert.All(page.Items, row => Assert.Equal((Given.Endpoint, "wevt_1", Given.Facts, 1), (row.Endpoint, row.EventId, row.Facts, row.Count)));
        Assert.Equal(Given.Start.AddSeconds(2), page.Items[0].ReceivedAt);
        Assert.All(page.Items, row => Assert.Null(row.Code));
    }

    [Fact]
    public async Task Store_WithoutFacts_RecordsNoDelivery()
    {
        await Store.StoreAsync(Given.Arrival("wevt_1") with { Delivery = null, Source = EventSource.Inferred }, Token);

        Assert.Equal(0, (await Store.ListDeliveriesAsync(Sight.Everything, new(), new(10), Token)).Total);
    }

    [Fact]
    public async Task Record_Refusals_ReadBackWhole()
    {
        var refused = Refused("signature_mismatch") with
        {
            Facts = new DeliveryFacts(null, 0, null, TimeSpan.FromMicroseconds(17)),
            Count = 250,
            ReceivedAt = Given.Start + Tick,
        };

        await Store.RecordDeliveriesAsync([refused, Refused("body_malformed") with { EventId = "wevt_1" }], Token);

        var page = await Store.ListDeliveriesAsync(Sight.Everything, new(), new(10), Token);
        Assert.Equal(refused, page.Items[1] with { Seq = 0 });
        Assert.Equal("wevt_1", page.Items[0].EventId);
        Assert.True(page.Items[0].Seq > page.Items[1].Seq);
    }

    [Fact]
    public async Task Record_Nothing_IsAllowed()
    {
        await Store.RecordDeliveriesAsync([], Token);

        Assert.Equal(0, (await Store.ListDeliveriesAsync(Sight.Everything, new(), new(10), Token)).Total);
    }

    [Fact]
    public async Task List_EveryFilter_IsExact()
    {
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);
        await Store.RecordDeliveriesAsync(
            [
                Refused("signature_missing"),
                Refused("signature_missing") with { Endpoint = "other", ReceivedAt = Given.Start.AddHours(1) },
                Refused("store_unavailable") with { Outcome = DeliveryOutcome.Unavailable, EventId = "wevt_1" },
            ],
            Token);

        await AssertTotalAsync(4, new());
        await AssertTotalAsync(3, new() { Endpoint = Given.Endpoint });
        await AssertTotalAsync(2, new() { Outcome = DeliveryOutcome.Rejected });
        await AssertTotalAsync(0, new() { Outcome = DeliveryOutcome.Spooled });
        await AssertTotalAsync(2, new() { EventId = "wevt_1" });
        await AssertTotalAsync(1, new() { From = Given.Start.AddHours(1) });
        await AssertTotalAsync(3, new() { To = Given.Start.AddHours(1) });
        await AssertTotalAsync(1, new() { Outcome = DeliveryOutcome.Rejected, Endpoint = "other" });
    }

    [Fact]
    public async Task List_RowsComeWhilePaging_NoneIsSkippedOrRepeated()
    {
        await Store.RecordDeliveriesAsync([.. Enumerable.Range(0, 17).Select(i => Refused($"code_{i}"))], Token);

        var seen = new List<string?>();
        long? before = null;
        do
        {
            var page = await Store.ListDeliveriesAsync(Sight.Everything, new(), new(5, before), Token);
            seen.AddRange(page.Items.Select(row => row.Code));
            before = page.Next;
            await Store.RecordDeliveriesAsync([Refused("later")], Token);
        }
        while (before is not null);

        Assert.Equal(Enumerable.Range(0, 17).Reverse().Select(i => $"code_{i}"), seen);
    }

    [Fact]
    public async Task Count_Aggregates_CountTheirAttemptsSinceTheInstant()
    {
        await Store.RecordDeliveriesAsync(
            [
                Refused("signature_missing") with { Count = 40 },
                Refused("signature_missing") with { Count = 2, ReceivedAt = Given.Start.AddSeconds(1) },
                Refused("spooled") with { Outcome = DeliveryOutcome.Spooled, ReceivedAt = Given.Start.AddSeconds(1) },
            ],
            Token);

        Assert.Equal(42, (await Store.CountAsync(Sight.Everything, Given.Start, Token)).Deliveries[DeliveryOutcome.Rejected]);
        var later = (await Store.CountAsync(Sight.Everything, Given.Start.AddSeconds(1), Token)).Deliveries;
        Assert.Equal((2, 1), (later[DeliveryOutcome.Rejected], later[DeliveryOutcome.Spooled]));
    }

    private static DeliveryRecord Refused(string code) => new()
    {
        Endpoint = Given.Endpoint,
        ReceivedAt = Given.Start,
        Outcome = DeliveryOutcome.Rejected,
        Code = code,
        Facts = Given.Facts,
    };

    private async Task AssertTotalAsync(long expected, DeliveryFilter filter)
    {
        var page = await Store.ListDeliveriesAsync(Sight.Everything, filter, new(10), Token);
        Assert.Equal(expected, page.Total);
        Assert.Equal(expected, page.Items.Count);
    }
}
