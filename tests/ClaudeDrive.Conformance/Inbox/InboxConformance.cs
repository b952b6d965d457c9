using System.Security.Cryptography;
using ClaudeDrive.Access;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>The inbox: storing. Its other parts test claims, coalescing, endings of leases, dead letters, reading and waiting.</summary>
public abstract partial class InboxConformance : StoreConformance
{
    /// <summary>True for a store that counts all rows, however many: one that keeps them in memory.</summary>
    protected virtual bool CountsAll => false;

    [Fact]
    public async Task Store_NewEvent_ReadsBackWhole()
    {
        var envelope = new WebhookEnvelope
        {
            EventId = "wevt_1",
            EventType = "vault_credential.deleted",
            Dialect = WebhookDialect.Guide,
            CreatedAt = Given.Start.AddMinutes(-3),
            Resource = new ResourceKey("vault_credential", "vcrd_1"),
            ParentId = "vlt_1",
            SessionId = "sesn_9",
            OrganizationId = "org_1",
            WorkspaceId = "wrkspc_1",
            IsDeletion = true,
            Lane = WorkLane.Reconciliation,
        };
        var arrival = Given.Arrival(envelope) with { Source = EventSource.Inferred, ProofRequestId = "req_7", Delivery = null };

        Assert.True(await Store.StoreAsync(arrival, Token));

        var found = await Store.FindEventAsync(Sight.Everything, Given.Endpoint, "wevt_1", Token);
        Assert.NotNull(found);
        var expected = new EventRecord
        {
            Seq = found.Value.Event.Seq,
            Endpoint = Given.Endpoint,
            Envelope = envelope,
            ReceivedAt = Given.Start,
            Source = EventSource.Inferred,
            State = EventState.Pending,
            Attempts = 0,
            Deliveries = 0,
            ProofRequestId = "req_7",
        };
        Assert.Equal(expected, found.Value.Event);
        Assert.Equal(arrival.Body.ToArray(), found.Value.Body.ToArray());
    }

    [Fact]
    public async Task Store_AbsentFields_ReadBackNull()
    {
        var envelope = new WebhookEnvelope { EventId = "wevt_1", EventType = "x.y", Dialect = WebhookDialect.Guide };

        await Store.StoreAsync(Given.Arrival(envelope), Token);

        var stored = await EventAsync("wevt_1");
        Assert.Equal(envelope, stored.Envelope);
        Assert.Null(stored.AppliedRevision);
        Assert.Null(stored.ProofRequestId);
    }

    [Fact]
    public async Task Store_Repeat_IsFalseAndOnlyCounts()
    {
        Assert.True(await Store.StoreAsync(Given.Arrival("wevt_1"), Token));
        var lease = await ClaimOneAsync();
        await ApplyAsync(lease, Given.Change("sesn_1", null));
        Time.Advance(Window.MaxWait);

        var repeat = Given.Arrival("wevt_1") with { Body = new byte[] { 1 }, ReceivedAt = Now };
        Assert.False(await Store.StoreAsync(repeat, Token));
        Assert.False(await Store.StoreAsync(repeat, Token));

        var stored = await EventAsync("wevt_1");
        Assert.Equal(3, stored.Deliveries);
        Assert.Equal(Given.Start, stored.ReceivedAt);
        Assert.Equal(EventState.Applied, stored.State);
        Assert.Equal("""{"id":"wevt_1"}"""u8.ToArray(), (await Store.FindEventAsync(Sight.Everything, null, "wevt_1", Token))!.Value.Body.ToArray());
        await AssertNothingDueAsync();
    }

    [Fact]
    public async Task Store_SameIdAtOtherEndpoint_IsAnotherEvent()
    {
        Assert.True(await Store.StoreAsync(Given.Arrival("wevt_1"), Token));
        Assert.True(await Store.StoreAsync(Given.Arrival("wevt_1") with { Endpoint = "other" }, Token));

        Assert.Equal(2, (await Store.ListEventsAsync(Sight.Everything, new(), new(10), Token)).Total);
        Assert.Equal("other", (await EventAsync("wevt_1")).Endpoint);
        Assert.Equal(Given.Endpoint, (await Store.FindEventAsync(Sight.Everything, Given.Endpoint, "wevt_1", Token))!.Value.Event.Endpoint);
    }

    [Fact]
    public async Task Store_HundredParallelStoresOfTenIds_TenAreNew()
    {
        var stores = Enumerable.Range(0, 100).Select(i =>
            Task.Run(() => Store.StoreAsync(Given.Arrival($"wevt_{i % 10}", $"sesn_{i % 10}"), Token).AsTask(), Token));

        var results = await Task.WhenAll(stores).WaitAsync(Timeout, Token);

        Assert.Equal(10, results.Count(isNew => isNew));
        var page = await Store.ListEventsAsync(Sight.Everything, new(), new(200), Token);
        Assert.Equal(10, page.Total);
        Assert.All(page.Items, stored => Assert.Equal(10, stored.Deliveries));
        Assert.Equal(100, (await Store.ListDeliveriesAsync(Sight.Everything, new(), new(1), Token)).Total);
        Assert.Equal(10, (await Store.ListDeliveriesAsync(Sight.Everything, new() { Outcome = DeliveryOutcome.Accepted }, new(1), Token)).Total);
    }

    [Fact]
    public async Task Store_NothingToFetch_IsAppliedAndNotDue()
    {
        await Store.StoreAsync(Given.Arrival(Given.Envelope("wevt_1") with { Resource = null }), Token);

        var stored = await EventAsync("wevt_1");
        Assert.Equal(EventState.Applied, stored.State);
        Assert.Null(stored.AppliedRevision);
        await AssertNothingDueAsync();
    }

    [Fact]
    public async Task Store_Unparsed_IsDeadAndNotDue()
    {
        await Store.StoreAsync(Given.Arrival(Given.Envelope("wevt_1") with { Resource = null, IsParsed = false, EventType = "unparsed" }), Token);

        var stored = await EventAsync("wevt_1");
        Assert.Equal(EventState.Dead, stored.State);
        Assert.Equal("unparsed", stored.LastError);
        Assert.False(stored.Envelope.IsParsed);
        await AssertNothingDueAsync();
    }

    [Fact]
    public async Task Store_StrangeIds_AreKeptAndToldApart()
    {
        foreach (var id in Given.StrangeIds)
        {
            var envelope = Given.Envelope(id, id) with { EventType = id, ParentId = id, WorkspaceId = id };
            Assert.True(await Store.StoreAsync(Given.Arrival(envelope) with { Endpoint = id }, Token));
        }

        foreach (var id in Given.StrangeIds)
        {
            var found = await Store.FindEventAsync(Sight.Everything, id, id, Token);
            Assert.Equal(id, found?.Event.Envelope.EventId);
            Assert.Equal(id, found?.Event.Envelope.ParentId);
            Assert.Equal(1, (await Store.ListEventsAsync(Sight.Everything, new() { ResourceId = id, Type = id, WorkspaceId = id }, new(10), Token)).Total);
        }

        var leases = await Store.ClaimAsync(200, LeaseFor, Token);
        Assert.Equal(Given.StrangeIds.Order(StringComparer.Ordinal), leases.Select(lease => lease.Resource.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Store_LargestBody_IsByteExact()
    {
        var body = new byte[256 * 1024];
        new Random(20260301).NextBytes(body);

        await Store.StoreAsync(Given.Arrival("wevt_1") with { Body = body }, Token);

        var found = await Store.FindEventAsync(Sight.Everything, null, "wevt_1", Token);
        Assert.Equal(SHA256.HashData(body), SHA256.HashData(found!.Value.Body.Span));
    }

    [Fact]
    public async Task Store_EmptyBody_StaysEmpty()
    {
        await Store.StoreAsync(Given.Arrival("wevt_1") with { Body = ReadOnlyMemory<byte>.Empty }, Token);

        Assert.Equal(0, (await Store.FindEventAsync(Sight.Everything, null, "wevt_1", Token))!.Value.Body.Length);
    }

    [Fact]
    public async Task Store_CallerReusesItsBuffer_StoredBodyIsUnchanged()
    {
        var buffer = "first"u8.ToArray();
        await Store.StoreAsync(Given.Arrival("wevt_1") with { Body = buffer }, Token);

        buffer.AsSpan().Fill((byte)'x');

        Assert.Equal("first"u8.ToArray(), (await Store.FindEventAsync(Sight.Everything, null, "wevt_1", Token))!.Value.Body.ToArray());
    }

    [Fact]
    public async Task Store_InstantsOneMicrosecondApart_StayApart()
    {
        var first = Given.Start.AddMicroseconds(1);
        var second = Given.Start.AddMicroseconds(2);
        await Store.StoreAsync(Given.Arrival(Given.Envelope("wevt_1") with { CreatedAt = first }) with { ReceivedAt = first }, Token);
        await Store.StoreAsync(
            Given.Arrival(Given.Envelope("wevt_2") with { CreatedAt = second }) with { ReceivedAt = second.ToOffset(TimeSpan.FromHours(2)) }, Token);

        Assert.Equal((first, first), ((await EventAsync("wevt_1")).ReceivedAt, (await EventAsync("wevt_1")).Envelope.CreatedAt!.Value));
        Assert.Equal((second, second), ((await EventAsync("wevt_2")).ReceivedAt, (await EventAsync("wevt_2")).Envelope.CreatedAt!.Value));
        Assert.Equal(1, (await Store.ListEventsAsync(Sight.Everything, new() { From = second }, new(10), Token)).Total);
        Assert.Equal(1, (await Store.ListEventsAsync(Sight.Everything, new() { To = second }, new(10), Token)).Total);
    }
}
