using System.Collections.Concurrent;
using ClaudeDrive.Access;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <content>The outbox of answers.</content>
public abstract partial class ReviewConformance
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task ClaimSends_Nothing_IsEmpty()
    {
        await OpenOneAsync();

        Assert.Empty(await Store.ClaimSendsAsync(10, LeaseFor, Token));
        Assert.Null(await Store.NextSendDueAsync(Token));
    }

    [Fact]
    public async Task ClaimSends_Due_IsSendingBeforeAnythingIsSent()
    {
        var id = await OpenOneAsync();
        await AnswerAsync(id, "ada");
        await BlockAsync(Given.Blocker("sevt_1"), Given.Blocker("sevt_2"));

        var lease = await ClaimSendAsync();

        Assert.False(lease.MustVerify);
        Assert.Equal(1, lease.AnsweredRevision);
        Assert.Equal((ReviewState.Sending, 1, Given.Answer().Json), (lease.Item.State, lease.Item.SendAttempts, lease.Item.AnswerJson));
        Assert.Equal(lease.Item, await Store.FindReviewAsync(Sight.Everything, id, Token));
        Assert.Equal(Now + LeaseFor, await Store.NextSendDueAsync(Token));
        Assert.Empty(await Store.ClaimSendsAsync(10, LeaseFor, Token));
    }

    [Fact]
    public async Task ClaimSends_LeaseExpires_MustBeVerified()
    {
        await BringAsync(ReviewState.Sending);
        var first = _send!;
        Time.Advance(LeaseFor - Tick);
        Assert.Empty(await Store.ClaimSendsAsync(10, LeaseFor, Token));
        Time.Advance(Tick);

        var second = await ClaimSendAsync();

        Assert.True(second.MustVerify);
        Assert.True(second.Token > first.Token);
        Assert.Equal((ReviewState.Sending, 2, first.AnsweredRevision), (second.Item.State, second.Item.SendAttempts, second.AnsweredRevision));
        await AssertStepsAreLegalAsync();
    }

    [Fact]
    public async Task ClaimSends_Several_OldestFirstUpToMax()
    {
        await BlockAsync(Given.Blocker("sevt_1"), Given.Blocker("sevt_2"), Given.Blocker("sevt_3"));
        foreach (var blocking in (string[])["sevt_3", "sevt_1", "sevt_2"])
        {
            await AnswerAsync((await ItemAsync(blocking)).ReviewId, "ada");
            Time.Advance(Tick);
        }

        var first = await Store.ClaimSendsAsync(2, LeaseFor, Token);
        var rest = await Store.ClaimSendsAsync(2, LeaseFor, Token);

        Assert.Equal(["sevt_3", "sevt_1", "sevt_2"], first.Concat(rest).Select(lease => lease.Item.Blocker.BlockingEventId));
    }

    [Fact]
    public async Task ClaimSends_ManyParallelSenders_NoAnswerIsClaimedTwice()
    {
        const int count = 30;
        await BlockAsync([.. Enumerable.Range(0, count).Select(i => Given.Blocker($"sevt_{i}"))]);
        foreach (var item in (await Store.ListReviewsAsync(Sight.Everything, new(), new(200), Token)).Items)
        {
            await AnswerAsync(item.ReviewId, "ada");
        }

        var claimed = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                while (await Store.ClaimSendsAsync(2, LeaseFor, Token) is { Count: > 0 } leases)
                {
                    leases.ToList().ForEach(lease => claimed.Add(lease.Item.ReviewId));
                }
            },
            Token))).WaitAsync(Timeout, Token);

        Assert.Equal(count, claimed.Count);
        Assert.Equal(count, claimed.Distinct().Count());
    }

    [Theory]
    [InlineData(nameof(ReviewState.Resumed), true)]
    [InlineData(nameof(ReviewState.ClosedElsewhere), true)]
    [InlineData(nameof(ReviewState.Cancelled), true)]
    [InlineData(nameof(ReviewState.Open), true)]
    [InlineData(nameof(ReviewState.Answered), false)]
    [InlineData(nameof(ReviewState.Verifying), false)]
    public async Task EndSend_EveryEnding_NotesItAndAsksForALook(string to, bool looks)
    {
        await BringAsync(ReviewState.Sending);
        var ending = new SendEnding(Enum.Parse<ReviewState>(to), looks && to != "Open" ? "sevt_9" : null, "problem_code: text", Delay);
        Time.Advance(Window.MaxWait);

        Assert.True(await Store.EndSendAsync(_send!, ending, Token));

        var item = await ItemAsync();
        Assert.Equal((ending.To, "problem_code: text", ending.AnswerEventId, Now), (item.State, item.Problem, item.AnswerEventId, item.ChangedAt));
        Assert.Equal(to == "Open" ? null : Given.Answer().Json, item.AnswerJson);
        Assert.Equal(looks ? null : Now + Delay, await Store.NextSendDueAsync(Token));
        var step = (await Store.ListStepsAsync(Sight.Everything, null, item.ReviewId, Token))[^1];
        Assert.Equal((ReviewState.Sending, ending.To, "claudedrive"), (step.From, step.To, step.Actor));
        Assert.Contains("problem_code", step.Note, StringComparison.Ordinal);
        var due = await Store.ClaimAsync(10, LeaseFor, Token);
        Assert.Equal(looks ? [Session1] : [], due.Select(lease => lease.Resource));
        Assert.False(await Store.EndSendAsync(_send!, ending, Token));
    }

    [Fact]
    public async Task EndSend_Resumed_HasNoProblemLeft()
    {
        await BringAsync(ReviewState.Verifying);
        Assert.NotNull((await ItemAsync()).Problem);

        Assert.True(await Store.EndSendAsync(await ClaimSendAsync(), new SendEnding(ReviewState.Resumed, "sevt_9"), Token));

        Assert.Equal((ReviewState.Resumed, null, "sevt_9"), ((await ItemAsync()).State, (await ItemAsync()).Problem, (await ItemAsync()).AnswerEventId));
        await AssertStepsAreLegalAsync();
    }

    [Theory]
    [InlineData(nameof(ReviewState.Answered), false)]
    [InlineData(nameof(ReviewState.Verifying), true)]
    public async Task EndSend_TryAgainLater_IsDueAfterTheDelay(string to, bool mustVerify)
    {
        await BringAsync(ReviewState.Sending);

        await Store.EndSendAsync(_send!, new SendEnding(Enum.Parse<ReviewState>(to), Problem: "overloaded: 529", Delay: Delay), Token);

        Time.Advance(Delay - Tick);
        Assert.Empty(await Store.ClaimSendsAsync(10, LeaseFor, Token));
        Time.Advance(Tick);
        var lease = await ClaimSendAsync();
        Assert.Equal((mustVerify, 2), (lease.MustVerify, lease.Item.SendAttempts));
        await AssertStepsAreLegalAsync();
    }

    [Fact]
    public async Task EndSend_RefusedWhileTheSessionWaits_ClearsTheAnswerForANewRound()
    {
        await BringAsync(ReviewState.Sending);
        await Store.EndSendAsync(_send!, new SendEnding(ReviewState.Open, Problem: "invalid: 400"), Token);

        var open = await ItemAsync();
        Assert.Equal((null, null, null, null), (open.AnswerJson, open.AnsweredBy, open.AnsweredAt, open.ClaimedBy));
        Assert.Empty(await Store.ClaimSendsAsync(10, LeaseFor, Token));
        Assert.Null((await Store.AnswerReviewAsync(Given.By("bob"), open.ReviewId, Given.Answer("43"), Token)).Refusal);
        var lease = await ClaimSendAsync();
        Assert.Equal((Given.Answer("43").Json, "bob", false), (lease.Item.AnswerJson, lease.Item.AnsweredBy, lease.MustVerify));
        await AssertStepsAreLegalAsync();
    }

    [Fact]
    public async Task EndSend_OldToken_ChangesNothing()
    {
        await BringAsync(ReviewState.Sending);
        var old = _send!;
        Time.Advance(LeaseFor);
        var newer = await ClaimSendAsync();
        var before = await ItemAsync();

        foreach (var (_, to) in ReviewTransitions.All.Where(edge => edge.From == ReviewState.Sending))
        {
            Assert.False(await Store.EndSendAsync(old, new SendEnding(to, "sevt_9"), Token));
        }

        Assert.Equal(before, await ItemAsync());
        await AssertNothingDueAsync();
        Assert.True(await Store.EndSendAsync(newer, new SendEnding(ReviewState.Resumed, "sevt_9"), Token));
    }

    [Fact]
    public async Task EndSend_ExpiredButNotClaimedSince_StillHolds()
    {
        await BringAsync(ReviewState.Sending);
        Time.Advance(LeaseFor + LeaseFor);

        Assert.True(await Store.EndSendAsync(_send!, new SendEnding(ReviewState.Resumed, "sevt_9"), Token));
    }

    [Fact]
    public async Task WaitForSends_AnswerBetweenLookAndWait_CompletesAtOnce()
    {
        var id = await OpenOneAsync();
        var seen = Store.SendVersion;
        Assert.Empty(await Store.ClaimSendsAsync(10, LeaseFor, Token));
        await AnswerAsync(id, "ada");

        await Store.WaitForSendsAsync(seen, Token).WaitAsync(Timeout, Token);

        Assert.True(Store.SendVersion > seen);
    }

    [Fact]
    public async Task WaitForSends_AlreadyWaiting_IsWokenByAnAnswerAndByATryLater()
    {
        var id = await OpenOneAsync();
        var wait = Store.WaitForSendsAsync(Store.SendVersion, Token);
        await AnswerAsync(id, "ada");
        await wait.WaitAsync(Timeout, Token);

        var lease = await ClaimSendAsync();
        wait = Store.WaitForSendsAsync(Store.SendVersion, Token);
        await Store.EndSendAsync(lease, new SendEnding(ReviewState.Answered), Token);
        await wait.WaitAsync(Timeout, Token);
    }

    private async Task<SendLease> ClaimSendAsync() => _send = Assert.Single(await Store.ClaimSendsAsync(10, LeaseFor, Token));
}
