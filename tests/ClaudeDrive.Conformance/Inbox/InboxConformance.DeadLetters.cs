using ClaudeDrive.Access;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <content>Dead letters, and the table of event transitions.</content>
public abstract partial class InboxConformance
{
    private static readonly EventState[] AllStates = Enum.GetValues<EventState>();

    /// <summary>Every pair of states, legal or not.</summary>
    public static TheoryData<string, string> EventEdges
    {
        get
        {
            var edges = new TheoryData<string, string>();
            foreach (var (from, to) in AllStates.SelectMany(from => AllStates.Select(to => (from, to))))
            {
                edges.Add(from.ToString(), to.ToString());
            }

            return edges;
        }
    }

    [Fact]
    public async Task RetryDead_One_IsPendingAndDueNowWithFreshAttempts()
    {
        await ParkAsync("wevt_1", "sesn_1");
        await ParkAsync("wevt_2", "sesn_2");

        Assert.Equal(1, await Store.RetryDeadAsync(Given.By("ada"), new() { EventId = "wevt_1" }, Token));
        Assert.Equal(0, await Store.RetryDeadAsync(Given.By("ada"), new() { EventId = "wevt_1" }, Token));

        var stored = await EventAsync("wevt_1");
        Assert.Equal((EventState.Pending, 0), (stored.State, stored.Attempts));
        Assert.Equal(EventState.Dead, (await EventAsync("wevt_2")).State);
        Assert.Equal(Now, await Store.NextDueAsync(Token));
        var lease = await ClaimOneAsync();
        Assert.Equal(0, lease.Attempts);
        Assert.Equal("wevt_1", Assert.Single(lease.Events).Envelope.EventId);
        await ApplyAsync(lease, Given.Change("sesn_1", null));
        Assert.Equal(EventState.Applied, (await EventAsync("wevt_1")).State);
    }

    [Fact]
    public async Task RetryDead_ByFilter_TakesAllThatMatch()
    {
        await ParkAsync("wevt_1", "sesn_1");
        await ParkAsync("wevt_2", "sesn_2");
        await Store.StoreAsync(Given.Arrival("wevt_3", "sesn_1") with { Endpoint = "other" }, Token);

        Assert.Equal(0, await Store.RetryDeadAsync(Given.By("ada"), new() { Endpoint = "other" }, Token));
        Assert.Equal(0, await Store.RetryDeadAsync(Given.By("ada"), new() { State = EventState.Pending }, Token));
        Assert.Equal(2, await Store.RetryDeadAsync(Given.By("ada"), new() { Endpoint = Given.Endpoint, Type = "session.status_idled" }, Token));

        Assert.Equal(2, (await Store.ClaimAsync(10, LeaseFor, Token)).Count);
    }

    [Fact]
    public async Task RetryDead_NothingToFetch_StaysDead()
    {
        await Store.StoreAsync(Given.Arrival(Given.Envelope("wevt_1") with { Resource = null, IsParsed = false }), Token);

        Assert.Equal(0, await Store.RetryDeadAsync(Given.By("ada"), new(), Token));

        Assert.Equal(EventState.Dead, (await EventAsync("wevt_1")).State);
        await AssertNothingDueAsync();
    }

    [Fact]
    public async Task RetryDead_ResourceIsLeased_IsDueAgainAfterTheLease()
    {
        await ParkAsync("wevt_1", "sesn_1");
        var lease = await ClaimNewAsync(Given.Arrival("wevt_2"));

        Assert.Equal(1, await Store.RetryDeadAsync(Given.By("ada"), new(), Token));

        await AssertNothingDueAsync();
        await Store.ReleaseAsync(lease, Token);
        Assert.Equal(2, (await ClaimOneAsync()).Events.Count);
    }

    [Fact]
    public async Task RetryDead_ResourceWaitsOutAFailure_IsDueNowWithFreshAttempts()
    {
        await ParkAsync("wevt_1", "sesn_1");
        await Store.RetryAsync(await ClaimNewAsync(Given.Arrival("wevt_2")), "transient: 500", TimeSpan.FromMinutes(1), Token);

        Assert.Equal(1, await Store.RetryDeadAsync(Given.By("ada"), new(), Token));

        var lease = await ClaimOneAsync();
        Assert.Equal((0, 2), (lease.Attempts, lease.Events.Count));
    }

    [Fact]
    public async Task DiscardDead_SinglyAndByFilter_DropsOnlyWhatMatches()
    {
        await ParkAsync("wevt_1", "sesn_1");
        await ParkAsync("wevt_2", "sesn_2");
        await ParkAsync("wevt_3", "sesn_3");
        await Store.StoreAsync(Given.Arrival(Given.Envelope("wevt_4") with { Resource = null, IsParsed = false }), Token);

        Assert.Equal(1, await Store.DiscardDeadAsync(Given.By("ada"), new() { EventId = "wevt_2" }, Token));
        Assert.Equal(1, await Store.DiscardDeadAsync(Given.By("ada"), new() { SessionId = "sesn_3" }, Token));
        Assert.Equal(2, await Store.DiscardDeadAsync(Given.By("ada"), new(), Token));
        Assert.Equal(0, await Store.DiscardDeadAsync(Given.By("ada"), new(), Token));

        Assert.Equal(4, (await Store.ListEventsAsync(Sight.Everything, new() { State = EventState.Discarded }, new(1), Token)).Total);
        await AssertNothingDueAsync();
    }

    [Fact]
    public async Task Apply_EarlierDeadLetters_AreCoveredAndOthersAreNot()
    {
        await ParkAsync("wevt_1", "sesn_1");
        await ParkAsync("wevt_2", "sesn_2");
        await ParkAsync("wevt_3", "sesn_1");
        await Store.DiscardDeadAsync(Given.By("ada"), new() { EventId = "wevt_3" }, Token);

        await LookAsync(Session1, before => Given.Change("sesn_1", before));

        Assert.Equal(EventState.Covered, (await EventAsync("wevt_1")).State);
        Assert.Equal(EventState.Dead, (await EventAsync("wevt_2")).State);
        Assert.Equal(EventState.Discarded, (await EventAsync("wevt_3")).State);
    }

    [Theory]
    [MemberData(nameof(EventEdges))]
    public async Task EventEdge_AsTheTableSays_IsPossibleOrNot(string from, string to)
    {
        var (source, target) = (Enum.Parse<EventState>(from), Enum.Parse<EventState>(to));
        await BringAsync(source);
        Assert.Equal(source, (await EventAsync("wevt_1")).State);

        await PushAsync(target);

        var expected = EventTransitions.IsLegal(source, target) ? target : source;
        Assert.Equal(expected, (await EventAsync("wevt_1")).State);
    }

    /// <summary>Brings event <c>wevt_1</c> to a state.</summary>
    private async Task BringAsync(EventState state)
    {
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);
        if (state is EventState.Dead or EventState.Covered or EventState.Discarded)
        {
            await PushAsync(EventState.Dead);
        }

        if (state is not (EventState.Pending or EventState.Dead))
        {
            await PushAsync(state);
        }
    }

    /// <summary>Does everything that could move <c>wevt_1</c> to a state, and nothing that could move it to another.</summary>
    private async Task PushAsync(EventState state)
    {
        switch (state)
        {
            case EventState.Pending:
                await Store.RetryDeadAsync(Given.By("ada"), new(), Token);
                break;
            case EventState.Discarded:
                await Store.DiscardDeadAsync(Given.By("ada"), new(), Token);
                break;
            case EventState.Dead:
                await Store.ParkAsync(await ClaimRequestedAsync(), "permanent: 403", Token);
                break;
            case EventState.Applied when (await EventAsync("wevt_1")).State != EventState.Dead:
            case EventState.Covered when (await EventAsync("wevt_1")).State != EventState.Pending:
                await LookAsync(Session1, before => Given.Change("sesn_1", before));
                break;
            case EventState.Superseded when (await EventAsync("wevt_1")).State != EventState.Dead:
                await LookAsync(Session1, before => Given.Change("sesn_1", before) with { SupersedeBefore = DateTimeOffset.MaxValue });
                break;
        }
    }

    private async Task<ResourceLease> ClaimRequestedAsync()
    {
        Time.Advance(Window.MaxWait);
        await Store.RequestAsync(Session1, null, WorkLane.Normal, Token);
        return await ClaimOneAsync();
    }

    private async Task ParkAsync(string eventId, string sessionId) =>
        Assert.True(await Store.ParkAsync(await ClaimNewAsync(Given.Arrival(eventId, sessionId)), "permanent: 403", Token));
}
