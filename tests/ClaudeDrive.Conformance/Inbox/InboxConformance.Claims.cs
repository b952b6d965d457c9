using System.Collections.Concurrent;
using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <content>Claims, leases and fencing.</content>
public abstract partial class InboxConformance
{
    /// <summary>Every call that ends or extends a lease.</summary>
    public static TheoryData<string> LeaseCalls => ["Renew", "Release", "Retry", "Snooze", "Park", "Apply"];

    [Fact]
    public async Task Claim_NothingStored_IsEmpty()
    {
        await AssertNothingDueAsync();
        Assert.Null(await Store.NextDueAsync(Token));
    }

    [Fact]
    public async Task Claim_DueResource_LeaseSaysAllAboutIt()
    {
        var credential = Given.Envelope("wevt_2") with { Resource = new ResourceKey("vault_credential", "vcrd_1"), ParentId = "vlt_1" };
        await Store.StoreAsync(Given.Arrival(credential with { EventId = "wevt_1" }), Token);
        await Store.StoreAsync(Given.Arrival(credential) with { Endpoint = "newest" }, Token);
        await Store.StoreAsync(Given.Arrival(Given.Envelope("wevt_3") with { Resource = null }), Token);

        var lease = await ClaimOneAsync(TimeSpan.FromSeconds(7));

        Assert.Equal(credential.Resource, lease.Resource);
        Assert.Equal("vlt_1", lease.ParentId);
        Assert.Equal(Now + TimeSpan.FromSeconds(7), lease.ExpiresAt);
        Assert.Equal(WorkLane.Normal, lease.Lane);
        Assert.Equal(0, lease.Attempts);
        Assert.Equal("newest", lease.Endpoint);
        Assert.Equal((await EventAsync("wevt_3")).Seq, lease.ThroughSeq);
        Assert.Equal(["wevt_1", "wevt_2"], lease.Events.Select(e => e.Envelope.EventId));
        Assert.Equal(await EventAsync("wevt_2"), lease.Events[^1]);
    }

    [Fact]
    public async Task Claim_StormOfOneResource_IsOneLeaseThatNamesTheNewestAndClosesAll()
    {
        const int count = ResourceLease.MaxEvents + 5;
        for (var i = 1; i <= count; i++)
        {
            await Store.StoreAsync(Given.Arrival($"wevt_{i}"), Token);
        }

        var lease = await ClaimOneAsync();

        Assert.Equal(Enumerable.Range(6, ResourceLease.MaxEvents).Select(i => $"wevt_{i}"), lease.Events.Select(e => e.Envelope.EventId));
        await ApplyAsync(lease, Given.Change("sesn_1", null));
        Assert.Equal(count, (await Store.ListEventsAsync(Sight.Everything, new() { State = EventState.Applied }, new(1), Token)).Total);
    }

    [Fact]
    public async Task Claim_Max_BoundsTheLeases()
    {
        for (var i = 0; i < 5; i++)
        {
            await Store.StoreAsync(Given.Arrival($"wevt_{i}", $"sesn_{i}"), Token);
        }

        Assert.Equal(["sesn_0", "sesn_1"], (await Store.ClaimAsync(2, LeaseFor, Token)).Select(lease => lease.Resource.Id));
        Assert.Equal(["sesn_2", "sesn_3", "sesn_4"], (await Store.ClaimAsync(9, LeaseFor, Token)).Select(lease => lease.Resource.Id));
    }

    [Fact]
    public async Task Claim_Order_IsLaneThenDueThenArrival()
    {
        await Store.StoreAsync(Given.Arrival("w1", "early_sweep", WorkLane.Reconciliation), Token);
        Time.Advance(Tick);
        await Store.StoreAsync(Given.Arrival("w2", "early_normal", WorkLane.Normal), Token);
        await Store.StoreAsync(Given.Arrival("w3", "second_normal", WorkLane.Normal), Token);
        Time.Advance(Tick);
        await Store.StoreAsync(Given.Arrival("w4", "late_normal", WorkLane.Normal), Token);
        await Store.StoreAsync(Given.Arrival("w5", "watched", WorkLane.Watched), Token);
        await Store.StoreAsync(Given.Arrival("w6", "waiting", WorkLane.Waiting), Token);

        var leases = await Store.ClaimAsync(10, LeaseFor, Token);

        Assert.Equal(
            ["waiting", "watched", "early_normal", "second_normal", "late_normal", "early_sweep"], leases.Select(lease => lease.Resource.Id));
        Assert.Equal(6, leases.Select(lease => lease.Token).Distinct().Count());
    }

    [Fact]
    public async Task Claim_LaterArrivalIsDueEarlier_GoesFirst()
    {
        await Store.RetryAsync(await ClaimNewAsync(Given.Arrival("w1", "failed")), "transient: 500", TimeSpan.FromSeconds(5), Token);
        Time.Advance(TimeSpan.FromSeconds(1));
        await Store.StoreAsync(Given.Arrival("w2", "came_later"), Token);
        Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["came_later", "failed"], (await Store.ClaimAsync(10, LeaseFor, Token)).Select(lease => lease.Resource.Id));
    }

    [Theory]
    [InlineData("Normal", "Waiting", "Waiting")]
    [InlineData("Waiting", "Normal", "Waiting")]
    [InlineData("Reconciliation", "Watched", "Watched")]
    public async Task Claim_SecondEvent_MoreUrgentLaneStays(string first, string second, string expected)
    {
        await Store.StoreAsync(Given.Arrival("w1", "sesn_1", Enum.Parse<WorkLane>(first)), Token);
        await Store.StoreAsync(Given.Arrival("w2", "sesn_1", Enum.Parse<WorkLane>(second)), Token);

        Assert.Equal(Enum.Parse<WorkLane>(expected), (await ClaimOneAsync()).Lane);
    }

    [Fact]
    public async Task Claim_ManyParallelClaimers_NoResourceIsLeasedTwice()
    {
        const int resources = 120;
        for (var i = 0; i < resources; i++)
        {
            await Store.StoreAsync(Given.Arrival($"wevt_{i}", $"sesn_{i}"), Token);
        }

        var leased = new ConcurrentBag<ResourceLease>();
        var claimers = Enumerable.Range(0, 16).Select(_ => Task.Run(
            async () =>
            {
                while (await Store.ClaimAsync(3, LeaseFor, Token) is { Count: > 0 } leases)
                {
                    leases.ToList().ForEach(leased.Add);
                }
            },
            Token));
        await Task.WhenAll(claimers).WaitAsync(Timeout, Token);

        Assert.Equal(resources, leased.Count);
        Assert.Equal(resources, leased.Select(lease => lease.Resource).Distinct().Count());
        Assert.Equal(resources, leased.Select(lease => lease.Token).Distinct().Count());
    }

    [Fact]
    public async Task Claim_LeaseExpires_ResourceIsDueAgainUnderALargerToken()
    {
        var first = await ClaimNewAsync(Given.Arrival("wevt_1"));

        Time.Advance(LeaseFor - Tick);
        await AssertNothingDueAsync();
        Assert.Equal(first.ExpiresAt, await Store.NextDueAsync(Token));
        Time.Advance(Tick);
        var second = await ClaimOneAsync();

        Assert.True(second.Token > first.Token);
        Assert.Equal(0, second.Attempts);
        Assert.Equal("wevt_1", Assert.Single(second.Events).Envelope.EventId);
    }

    [Fact]
    public async Task Renew_Held_LastsFromNow()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        Time.Advance(LeaseFor - Tick);

        Assert.True(await Store.RenewAsync(lease, LeaseFor, Token));

        Time.Advance(LeaseFor - Tick);
        await AssertNothingDueAsync();
        Time.Advance(Tick);
        await ClaimOneAsync();
    }

    [Theory]
    [MemberData(nameof(LeaseCalls))]
    public async Task LeaseCall_ExpiredButNotClaimedSince_StillHolds(string call)
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        Time.Advance(LeaseFor + LeaseFor);

        Assert.True(await CallAsync(call, lease));
    }

    [Theory]
    [MemberData(nameof(LeaseCalls))]
    public async Task LeaseCall_OldToken_ChangesNothing(string call)
    {
        var old = await ClaimNewAsync(Given.Arrival("wevt_1"));
        Time.Advance(LeaseFor);
        var newer = await ClaimOneAsync();
        var before = await EventAsync("wevt_1");

        Assert.False(await CallAsync(call, old));

        Assert.Equal(before, await EventAsync("wevt_1"));
        Assert.Null(await Store.FindHeadAsync(Sight.Everything, old.Resource, Token));
        Assert.Equal(newer.ExpiresAt, await Store.NextDueAsync(Token));
        await AssertNothingDueAsync();
        await ApplyAsync(newer, Given.Change("sesn_1", null));
    }

    [Theory]
    [MemberData(nameof(LeaseCalls))]
    public async Task LeaseCall_AfterTheLeaseWasGivenBack_ChangesNothing(string call)
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        Assert.True(await Store.RetryAsync(lease, "transient: first", TimeSpan.FromSeconds(5), Token));
        var before = await EventAsync("wevt_1");

        Assert.False(await CallAsync(call, lease));

        Assert.Equal(before, await EventAsync("wevt_1"));
        Assert.Equal(Now + TimeSpan.FromSeconds(5), await Store.NextDueAsync(Token));
    }

    [Theory]
    [MemberData(nameof(LeaseCalls))]
    public async Task LeaseCall_RowIsGone_ChangesNothing(string call)
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        Assert.True(await Store.ParkAsync(lease, "permanent: refused", Token));
        var before = await EventAsync("wevt_1");

        Assert.False(await CallAsync(call, lease));

        Assert.Equal(before, await EventAsync("wevt_1"));
        Assert.Null(await Store.NextDueAsync(Token));
    }

    private async Task<bool> CallAsync(string call, ResourceLease lease) => call switch
    {
        "Renew" => await Store.RenewAsync(lease, LeaseFor, Token),
        "Release" => await Store.ReleaseAsync(lease, Token),
        "Retry" => await Store.RetryAsync(lease, "transient: late", TimeSpan.FromSeconds(1), Token),
        "Snooze" => await Store.SnoozeAsync(lease, "told to wait: late", TimeSpan.FromSeconds(1), Token),
        "Park" => await Store.ParkAsync(lease, "permanent: late", Token),
        "Apply" => await Store.ApplyAsync(lease, Given.Change(lease.Resource, null), Token) switch
        {
            ApplyOutcome.Applied => true,
            ApplyOutcome.LeaseLost => false,
            var outcome => throw new InvalidOperationException(outcome.ToString()),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, "Not a call on a lease."),
    };
}
