using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <content>How a lease ends without success: release, retry, snooze, park.</content>
public abstract partial class InboxConformance
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Release_Held_IsDueNowAndSpendsNothing()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        var before = await EventAsync("wevt_1");
        Time.Advance(Tick);

        Assert.True(await Store.ReleaseAsync(lease, Token));

        Assert.Equal(before, await EventAsync("wevt_1"));
        var again = await ClaimOneAsync();
        Assert.Equal(0, again.Attempts);
        Assert.True(again.Token > lease.Token);
    }

    [Fact]
    public async Task Release_SecondAttempt_KeepsTheAttemptsSpentBefore()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        await Store.RetryAsync(lease, "transient: 500", Delay, Token);
        Time.Advance(Delay);

        await Store.ReleaseAsync(await ClaimOneAsync(), Token);

        Assert.Equal(1, (await ClaimOneAsync()).Attempts);
    }

    [Fact]
    public async Task Retry_Held_SpendsAnAttemptAndNotesTheError()
    {
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var lease = await ClaimOneAsync();
            Assert.Equal(attempt - 1, lease.Attempts);

            Assert.True(await Store.RetryAsync(lease, $"transient: {attempt}", Delay, Token));

            var stored = await EventAsync("wevt_1");
            Assert.Equal((EventState.Pending, attempt, $"transient: {attempt}"), (stored.State, stored.Attempts, stored.LastError));
            Time.Advance(Delay - Tick);
            await AssertNothingDueAsync();
            Time.Advance(Tick);
        }
    }

    [Fact]
    public async Task Retry_EventCameDuringTheLease_ItHasNotFailed()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        await Store.StoreAsync(Given.Arrival("wevt_2"), Token);

        await Store.RetryAsync(lease, "transient: 500", Delay, Token);

        Assert.Equal(1, (await EventAsync("wevt_1")).Attempts);
        Assert.Equal(0, (await EventAsync("wevt_2")).Attempts);
        Assert.Null((await EventAsync("wevt_2")).LastError);
        Assert.Equal(Now + Delay, await Store.NextDueAsync(Token));
    }

    [Fact]
    public async Task Snooze_Held_SpendsNoAttempt()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));

        Assert.True(await Store.SnoozeAsync(lease, "rate_limited: 429", Delay, Token));

        Assert.Equal(Now + Delay, await Store.NextDueAsync(Token));
        Assert.Equal(0, (await EventAsync("wevt_1")).Attempts);
        Assert.Equal("rate_limited: 429", (await EventAsync("wevt_1")).LastError);
        Time.Advance(Delay);
        Assert.Equal(0, (await ClaimOneAsync()).Attempts);
    }

    [Theory]
    [InlineData("Retry")]
    [InlineData("Snooze")]
    public async Task Store_WaitingOutAFailure_DoesNotMoveTheDueTime(string call)
    {
        await LookOnceAsync();
        await Store.StoreAsync(Given.Arrival("wevt_2"), Token);
        Time.Advance(Window.Quiet);
        var lease = await ClaimOneAsync();
        Assert.True(call == "Retry"
            ? await Store.RetryAsync(lease, "transient: 500", Delay, Token)
            : await Store.SnoozeAsync(lease, "rate_limited: 429", Delay, Token));
        var due = Now + Delay;

        for (var i = 0; i < 3; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Store.StoreAsync(Given.Arrival($"wevt_w{i}"), Token);
            Assert.Equal(due, await Store.NextDueAsync(Token));
        }

        Time.Advance(due - Now);
        Assert.Equal(4, (await ClaimOneAsync()).Events.Count);
    }

    [Fact]
    public async Task Apply_AfterFailures_NextWorkStartsWithFreshAttempts()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        await Store.RetryAsync(lease, "transient: 500", Delay, Token);
        Time.Advance(Delay);
        await ApplyAsync(await ClaimOneAsync(), Given.Change("sesn_1", null));

        await Store.StoreAsync(Given.Arrival("wevt_2"), Token);
        Time.Advance(Window.Quiet);

        Assert.Equal(0, (await ClaimOneAsync()).Attempts);
        Assert.Equal((EventState.Applied, 1), ((await EventAsync("wevt_1")).State, (await EventAsync("wevt_1")).Attempts));
    }

    [Fact]
    public async Task Park_Held_EventsAreDeadAndTheRowIsGone()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        await Store.RetryAsync(lease, "transient: 500", Delay, Token);
        Time.Advance(Delay);

        Assert.True(await Store.ParkAsync(await ClaimOneAsync(), "permanent: 403", Token));

        var stored = await EventAsync("wevt_1");
        Assert.Equal((EventState.Dead, 2, "permanent: 403"), (stored.State, stored.Attempts, stored.LastError));
        Assert.Null(await Store.NextDueAsync(Token));
        Time.Advance(TimeSpan.FromDays(1));
        await AssertNothingDueAsync();
    }

    [Fact]
    public async Task Park_EventCameDuringTheLease_ItStaysPendingWithFreshAttempts()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        await Store.RetryAsync(lease, "transient: 500", Delay, Token);
        Time.Advance(Delay);
        lease = await ClaimOneAsync();
        await Store.StoreAsync(Given.Arrival("wevt_2"), Token);

        await Store.ParkAsync(lease, "permanent: 403", Token);

        Assert.Equal(EventState.Dead, (await EventAsync("wevt_1")).State);
        Assert.Equal(EventState.Pending, (await EventAsync("wevt_2")).State);
        Time.Advance(Window.Quiet);
        var next = await ClaimOneAsync();
        Assert.Equal(0, next.Attempts);
        Assert.Equal("wevt_2", Assert.Single(next.Events).Envelope.EventId);
    }

    [Fact]
    public async Task Park_OtherResources_AreLeftAlone()
    {
        await Store.StoreAsync(Given.Arrival("wevt_1", "sesn_1", WorkLane.Waiting), Token);
        await Store.StoreAsync(Given.Arrival("wevt_2", "sesn_2"), Token);
        var leases = await Store.ClaimAsync(2, LeaseFor, Token);

        await Store.ParkAsync(leases[0], "permanent: 403", Token);

        Assert.Equal(EventState.Pending, (await EventAsync("wevt_2")).State);
        Assert.True(await Store.RenewAsync(leases[1], LeaseFor, Token));
    }
}
