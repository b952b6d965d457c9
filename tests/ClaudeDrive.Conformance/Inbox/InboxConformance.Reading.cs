using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <content>Lists, counts, the live tail, and waking up.</content>
public abstract partial class InboxConformance
{
    [Fact]
    public async Task ListEvents_EveryFilter_IsExact()
    {
        var other = new WebhookEnvelope
        {
            EventId = "wevt_other",
            EventType = "agent.created",
            Dialect = WebhookDialect.Guide,
            Resource = new ResourceKey("agent", "agent_1"),
            SessionId = "sesn_other",
            WorkspaceId = "wrkspc_other",
        };
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);
        await Store.StoreAsync(Given.Arrival("wevt_2", "sesn_2"), Token);
        await Store.StoreAsync(Given.Arrival("wevt_3", "sesn_2"), Token);
        await Store.StoreAsync(
            Given.Arrival(other) with { Endpoint = "other", Source = EventSource.Manual, ReceivedAt = Given.Start.AddHours(1) }, Token);

        await AssertListedAsync(new(), "wevt_other", "wevt_3", "wevt_2", "wevt_1");
        await AssertListedAsync(new() { EventId = "wevt_2" }, "wevt_2");
        await AssertListedAsync(new() { EventId = "wevt_" });
        await AssertListedAsync(new() { EventId = "wevt__" });
        await AssertListedAsync(new() { EventId = "WEVT_2" });
        await AssertListedAsync(new() { Type = "agent.created" }, "wevt_other");
        await AssertListedAsync(new() { ResourceType = "session" }, "wevt_3", "wevt_2", "wevt_1");
        await AssertListedAsync(new() { ResourceId = "sesn_2" }, "wevt_3", "wevt_2");
        await AssertListedAsync(new() { SessionId = "sesn_other" }, "wevt_other");
        await AssertListedAsync(new() { WorkspaceId = "wrkspc_1" }, "wevt_3", "wevt_2", "wevt_1");
        await AssertListedAsync(new() { State = EventState.Pending, Endpoint = "other" }, "wevt_other");
        await AssertListedAsync(new() { State = EventState.Dead });
        await AssertListedAsync(new() { Source = EventSource.Manual }, "wevt_other");
        await AssertListedAsync(new() { From = Given.Start.AddHours(1) }, "wevt_other");
        await AssertListedAsync(new() { To = Given.Start.AddHours(1) }, "wevt_3", "wevt_2", "wevt_1");
        await AssertListedAsync(new() { From = Given.Start, To = Given.Start });
        await AssertListedAsync(new() { ResourceId = "sesn_2", SessionId = "sesn_1" });
    }

    [Fact]
    public async Task ListEvents_MoreThanIsCounted_TotalSaysSoAndCountersGoOn()
    {
        const int Stored = RowTotal.MaxCounted + 1;
        await Parallel.ForAsync(0, Stored, new ParallelOptions { CancellationToken = Token, MaxDegreeOfParallelism = 512 }, async (i, token) =>
            await Store.StoreAsync(Given.Arrival($"wevt_{i}", i == 0 ? "sesn_2" : "sesn_1"), token));

        var filtered = await Store.ListEventsAsync(Sight.Everything, new() { WorkspaceId = "wrkspc_1" }, new(2), Token);
        var exactly = await Store.ListEventsAsync(Sight.Everything, new() { ResourceId = "sesn_1" }, new(2), Token);
        var seen = await Store.ListEventsAsync(Sight.Of([new Scope { WorkspaceId = "wrkspc_1" }]), new(), new(2), Token);
        var all = await Store.ListEventsAsync(Sight.Everything, new(), new(2), Token);

        Assert.Equal((CountsAll ? Stored : RowTotal.MaxCounted, CountsAll), (filtered.Total, filtered.IsTotalExact));
        Assert.Equal((CountsAll ? Stored : RowTotal.MaxCounted, CountsAll), (seen.Total, seen.IsTotalExact));
        Assert.Equal((RowTotal.MaxCounted, true), (exactly.Total, exactly.IsTotalExact));
        Assert.Equal((Stored, true), (all.Total, all.IsTotalExact));
    }

    [Fact]
    public async Task ListEvents_RowsComeWhilePaging_NoneIsSkippedOrRepeated()
    {
        for (var i = 0; i < 25; i++)
        {
            await Store.StoreAsync(Given.Arrival($"wevt_{i}", i % 5 == 0 ? "sesn_other" : "sesn_1"), Token);
        }

        var seen = new List<string>();
        long? before = null;
        do
        {
            var page = await Store.ListEventsAsync(Sight.Everything, new() { SessionId = "sesn_1" }, new(3, before), Token);
            Assert.True(page.Items.Count is > 0 and <= 3);
            Assert.Equal(20 + (seen.Count / 3), page.Total);
            seen.AddRange(page.Items.Select(e => e.Envelope.EventId));
            before = page.Next;
            await Store.StoreAsync(Given.Arrival($"wevt_new{seen.Count}"), Token);
        }
        while (before is not null);

        Assert.Equal(Enumerable.Range(0, 25).Where(i => i % 5 != 0).Reverse().Select(i => $"wevt_{i}"), seen);
    }

    [Fact]
    public async Task ListEvents_LastPageIsFull_HasNoNext()
    {
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);
        await Store.StoreAsync(Given.Arrival("wevt_2"), Token);

        Assert.Null((await Store.ListEventsAsync(Sight.Everything, new(), new(2), Token)).Next);
        var first = await Store.ListEventsAsync(Sight.Everything, new(), new(1), Token);
        Assert.NotNull(first.Next);
        Assert.Null((await Store.ListEventsAsync(Sight.Everything, new(), new(1, first.Next), Token)).Next);
    }

    [Fact]
    public async Task ReadEvents_AfterAPosition_OldestFirst()
    {
        for (var i = 1; i <= 5; i++)
        {
            await Store.StoreAsync(Given.Arrival($"wevt_{i}"), Token);
        }

        var first = (await Store.ReadEventsAsync(Sight.Everything, 0, 3, Token)).Items;
        var rest = (await Store.ReadEventsAsync(Sight.Everything, first[^1].Seq, 10, Token)).Items;

        Assert.Equal(["wevt_1", "wevt_2", "wevt_3", "wevt_4", "wevt_5"], first.Concat(rest).Select(e => e.Envelope.EventId));
        Assert.Empty((await Store.ReadEventsAsync(Sight.Everything, rest[^1].Seq, 10, Token)).Items);
    }

    [Fact]
    public async Task FindEvent_Unknown_IsNull()
    {
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);

        Assert.Null(await Store.FindEventAsync(Sight.Everything, null, "wevt_2", Token));
        Assert.Null(await Store.FindEventAsync(Sight.Everything, "other", "wevt_1", Token));
    }

    [Fact]
    public async Task Count_MixedInbox_IsExact()
    {
        await ParkAsync("wevt_dead", "sesn_dead");
        await ApplyAsync(await ClaimNewAsync(Given.Arrival("wevt_applied", "sesn_cooling")), Given.Change("sesn_cooling", null));
        await Store.RetryAsync(await ClaimNewAsync(Given.Arrival("wevt_w", "sesn_waiting")), "transient: 500", TimeSpan.FromHours(1), Token);
        await ClaimNewAsync(Given.Arrival("wevt_l", "sesn_leased"));
        await Store.StoreAsync(Given.Arrival("wevt_d", "sesn_due"), Token);
        Time.Advance(TimeSpan.FromSeconds(4));

        var counts = await Store.CountAsync(Sight.Everything, Given.Start, Token);

        Assert.Equal(3, counts.Events[EventState.Pending]);
        Assert.Equal(1, counts.Events[EventState.Dead]);
        Assert.Equal(1, counts.Events[EventState.Applied]);
        Assert.Equal(0, counts.Events.GetValueOrDefault(EventState.Covered));
        Assert.Equal(5, counts.Deliveries[DeliveryOutcome.Accepted]);
        Assert.Equal((2, 1), (counts.Due, counts.Leased));
        Assert.Equal(TimeSpan.FromSeconds(4), counts.OldestDue);
        Time.Advance(LeaseFor);
        counts = await Store.CountAsync(Sight.Everything, Given.Start + Tick, Token);
        Assert.Equal((3, 0), (counts.Due, counts.Leased));
        Assert.Equal(0, counts.Deliveries.GetValueOrDefault(DeliveryOutcome.Accepted));
    }

    [Fact]
    public async Task Count_NothingOverdue_HasNoAge()
    {
        await Store.RetryAsync(await ClaimNewAsync(Given.Arrival("wevt_1")), "transient: 500", TimeSpan.FromHours(1), Token);

        var counts = await Store.CountAsync(Sight.Everything, Given.Start, Token);

        Assert.Equal(1, counts.Due);
        Assert.Null(counts.OldestDue);
    }

    [Fact]
    public async Task WaitForWork_CommitBetweenLookAndWait_CompletesAtOnce()
    {
        var seen = Store.WorkVersion;
        await AssertNothingDueAsync();
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);

        await Store.WaitForWorkAsync(seen, Token).WaitAsync(Timeout, Token);

        Assert.True(Store.WorkVersion > seen);
    }

    [Theory]
    [InlineData("Store")]
    [InlineData("Request")]
    [InlineData("Release")]
    [InlineData("Retry")]
    [InlineData("Park")]
    [InlineData("RetryDead")]
    [InlineData("Apply")]
    public async Task WaitForWork_CommitMakesWorkDue_Completes(string call)
    {
        await ParkAsync("wevt_dead", "sesn_dead");
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        await Store.StoreAsync(Given.Arrival("wevt_2"), Token);
        var seen = Store.WorkVersion;
        var wait = Store.WaitForWorkAsync(seen, Token);

        await (call switch
        {
            "Store" => Store.StoreAsync(Given.Arrival("wevt_3", "sesn_2"), Token).AsTask(),
            "Request" => Store.RequestAsync(ResourceKey.Session("sesn_2"), null, WorkLane.Watched, Token).AsTask(),
            "Release" => Store.ReleaseAsync(lease, Token).AsTask(),
            "Retry" => Store.RetryAsync(lease, "transient: 500", TimeSpan.Zero, Token).AsTask(),
            "Park" => Store.ParkAsync(lease, "permanent: 403", Token).AsTask(),
            "RetryDead" => Store.RetryDeadAsync(Given.By("ada"), new(), Token).AsTask(),
            _ => Store.ApplyAsync(lease, Given.Change("sesn_1", null), Token).AsTask(),
        });

        await wait.WaitAsync(Timeout, Token);
    }

    [Fact]
    public async Task WaitForWork_Cancelled_Throws()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var wait = Store.WaitForWorkAsync(Store.WorkVersion, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(Timeout, Token));
    }

    [Fact]
    public async Task WaitForWork_ProducersAndAWaitingConsumer_NoWakeUpIsLost()
    {
        const int count = 200;
        var consumer = Task.Run(
            async () =>
            {
                for (var claimed = 0; claimed < count;)
                {
                    var seen = Store.WorkVersion;
                    var leases = await Store.ClaimAsync(count, LeaseFor, Token);
                    claimed += leases.Count;
                    if (leases.Count == 0)
                    {
                        await Store.WaitForWorkAsync(seen, Token);
                    }
                }
            },
            Token);
        var producers = Enumerable.Range(0, 4).Select(p => Task.Run(
            async () =>
            {
                for (var i = 0; i < count / 4; i++)
                {
                    await Store.StoreAsync(Given.Arrival($"wevt_{p}_{i}", $"sesn_{p}_{i}"), Token);
                }
            },
            Token));

        await Task.WhenAll([consumer, .. producers]).WaitAsync(Timeout, Token);
    }

    private async Task AssertListedAsync(EventFilter filter, params string[] expected)
    {
        var page = await Store.ListEventsAsync(Sight.Everything, filter, new(PageRequest.DefaultLimit), Token);
        Assert.Equal(expected, page.Items.Select(e => e.Envelope.EventId));
        Assert.Equal(expected.Length, page.Total);
    }
}
