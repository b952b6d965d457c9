using ClaudeDrive.Access;
using ClaudeDrive.Review;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <content>Claims and answers of people.</content>
public abstract partial class ReviewConformance
{
    private static readonly TimeSpan ClaimFor = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Claim_Open_IsHeldUntilItExpires()
    {
        var id = await OpenOneAsync();

        var result = await ClaimAsync(id, "ada");

        Assert.Null(result.Refusal);
        Assert.Equal((ReviewState.Claimed, "ada", Now + ClaimFor), (result.Item!.State, result.Item.ClaimedBy, result.Item.ClaimExpiresAt!.Value));
        Assert.Equal(result.Item, await Store.FindReviewAsync(Sight.Everything, id, Token));
        Time.Advance(ClaimFor - Tick);
        Assert.Equal(ReviewState.Claimed, (await ItemAsync()).State);
        Time.Advance(Tick);
        var expired = await Store.FindReviewAsync(Sight.Everything, id, Token);
        Assert.Equal((ReviewState.Open, null, null), (expired!.State, expired.ClaimedBy, expired.ClaimExpiresAt));
    }

    [Fact]
    public async Task Claim_SameActor_Extends()
    {
        var id = await OpenOneAsync();
        await ClaimAsync(id, "ada");
        Time.Advance(ClaimFor - Tick);

        var result = await ClaimAsync(id, "ada");

        Assert.Null(result.Refusal);
        Assert.Equal(Now + ClaimFor, result.Item!.ClaimExpiresAt);
        await AssertStepsAreLegalAsync();
    }

    [Fact]
    public async Task Claim_ByOther_IsRefusedUnlessTakenOver()
    {
        var id = await OpenOneAsync();
        await ClaimAsync(id, "ada");

        var refused = await ClaimAsync(id, "bob");
        var taken = await Store.ClaimReviewAsync(Given.By("bob"), id, ClaimFor, takeover: true, "ada is away", Token);

        Assert.Equal((ReviewRefusal.ClaimedByOther, "ada"), (refused.Refusal, refused.Item!.ClaimedBy));
        Assert.Equal((null, "bob"), (taken.Refusal, taken.Item!.ClaimedBy));
        var step = (await Store.ListStepsAsync(Sight.Everything, null, id, Token))[^1];
        Assert.Equal((ReviewState.Claimed, ReviewState.Claimed, "bob", "ada is away"), (step.From, step.To, step.Actor, step.Note));
        Assert.Equal(ReviewRefusal.ClaimedByOther, (await ClaimAsync(id, "ada")).Refusal);
    }

    [Fact]
    public async Task Claim_ExpiredClaimOfOther_IsFreeForAll()
    {
        var id = await OpenOneAsync();
        await ClaimAsync(id, "ada");
        Time.Advance(ClaimFor);

        Assert.Equal("bob", (await ClaimAsync(id, "bob")).Item!.ClaimedBy);

        await AssertStepsAreLegalAsync();
    }

    [Fact]
    public async Task Claim_TwentyParallelActors_OneHoldsIt()
    {
        var id = await OpenOneAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => ClaimAsync(id, $"actor_{i}"), Token)))
            .WaitAsync(Timeout, Token);

        Assert.Single(results, result => result.Refusal is null);
        Assert.Equal(19, results.Count(result => result.Refusal == ReviewRefusal.ClaimedByOther));
    }

    [Fact]
    public async Task Release_Holder_OpensIt()
    {
        var id = await OpenOneAsync();
        await ClaimAsync(id, "ada");

        Assert.Equal(ReviewRefusal.ClaimedByOther, (await Store.ReleaseReviewAsync(Given.By("bob"), id, null, Token)).Refusal);
        var released = await Store.ReleaseReviewAsync(Given.By("ada"), id, "lunch", Token);
        var again = await Store.ReleaseReviewAsync(Given.By("ada"), id, null, Token);

        Assert.Equal((null, ReviewState.Open, null), (released.Refusal, released.Item!.State, released.Item.ClaimedBy));
        Assert.Equal((null, ReviewState.Open), (again.Refusal, again.Item!.State));
        var steps = await Store.ListStepsAsync(Sight.Everything, null, id, Token);
        Assert.Equal(3, steps.Count);
        Assert.Equal((ReviewState.Claimed, ReviewState.Open, "ada", "lunch"), (steps[^1].From, steps[^1].To, steps[^1].Actor, steps[^1].Note));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_OpenOrHeld_IsStoredAndDue(bool claimed)
    {
        var id = await OpenOneAsync();
        if (claimed)
        {
            await ClaimAsync(id, "ada");
        }

        var answer = Given.Answer("it's \\\"42\\\" 😀") with { ExpectedInputHash = Given.Blocker("sevt_1").InputHash };
        var result = await Store.AnswerReviewAsync(Given.By("ada"), id, answer, Token);

        Assert.Null(result.Refusal);
        Assert.Equal(
            (ReviewState.Answered, "ada", Now, answer.Json),
            (result.Item!.State, result.Item.AnsweredBy, result.Item.AnsweredAt!.Value, result.Item.AnswerJson));
        Assert.Equal(result.Item, await Store.FindReviewAsync(Sight.Everything, id, Token));
        Assert.Equal(Now, await Store.NextSendDueAsync(Token));
        var step = (await Store.ListStepsAsync(Sight.Everything, null, id, Token))[^1];
        Assert.Equal((ReviewState.Answered, "ada", "looked it up"), (step.To, step.Actor, step.Note));
    }

    [Fact]
    public async Task Answer_HeldByOtherWithANote_TakesOver()
    {
        var id = await OpenOneAsync();
        await ClaimAsync(id, "ada");

        var taken = await Store.AnswerReviewAsync(Given.By("bob"), id, Given.Answer() with { Note = "ada is away" }, Token);

        Assert.Null(taken.Refusal);
        Assert.Equal(("bob", null), (taken.Item!.AnsweredBy, taken.Item.ClaimedBy));
        await AssertStepsAreLegalAsync();
    }

    [Fact]
    public async Task Answer_HeldByOther_IsRefusedUntilTheClaimExpires()
    {
        var id = await OpenOneAsync();
        await ClaimAsync(id, "ada");

        var refused = await Store.AnswerReviewAsync(Given.By("bob"), id, Given.Answer() with { Note = null }, Token);
        Assert.Equal(ReviewRefusal.ClaimedByOther, refused.Refusal);
        Assert.Null((await ItemAsync()).AnswerJson);
        Assert.Null(await Store.NextSendDueAsync(Token));
        Time.Advance(ClaimFor);
        Assert.Null((await AnswerAsync(id, "bob")).Refusal);
        await AssertStepsAreLegalAsync();
    }

    [Fact]
    public async Task Answer_OtherArguments_IsRefused()
    {
        var id = await OpenOneAsync();
        var before = await ItemAsync();

        var result = await Store.AnswerReviewAsync(Given.By("ada"), id, Given.Answer() with { ExpectedInputHash = Given.Hash("other") }, Token);

        Assert.Equal((ReviewRefusal.SessionMovedOn, before), (result.Refusal, result.Item));
        Assert.Equal(before, await ItemAsync());
        Assert.Null(await Store.NextSendDueAsync(Token));
    }

    [Fact]
    public async Task Answer_TwentyInParallel_ExactlyOneIsTaken()
    {
        var id = await OpenOneAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            Task.Run(() => Store.AnswerReviewAsync(Given.By($"actor_{i}"), id, Given.Answer($"{i}"), Token).AsTask(), Token))).WaitAsync(Timeout, Token);

        var taken = Assert.Single(results, result => result.Refusal is null);
        Assert.Equal(19, results.Count(result => result.Refusal == ReviewRefusal.AlreadyAnswered));
        Assert.Equal(taken.Item!.AnswerJson, (await ItemAsync()).AnswerJson);
        Assert.Single(await Store.ClaimSendsAsync(20, LeaseFor, Token));
        Assert.Single(await Store.ListStepsAsync(Sight.Everything, null, id, Token), step => step.To == ReviewState.Answered);
    }

    [Fact]
    public async Task AnyCall_UnknownItem_IsRefusedWithoutAnItem()
    {
        var unknown = new ReviewResult(null, ReviewRefusal.Unknown);

        Assert.Equal(unknown, await ClaimAsync("rev_404", "ada"));
        Assert.Equal(unknown, await Store.ReleaseReviewAsync(Given.By("ada"), "rev_404", null, Token));
        Assert.Equal(unknown, await AnswerAsync("rev_'404", "ada"));
    }

    [Theory]
    [InlineData(nameof(ReviewState.Answered), nameof(ReviewRefusal.AlreadyAnswered))]
    [InlineData(nameof(ReviewState.Sending), nameof(ReviewRefusal.AlreadyAnswered))]
    [InlineData(nameof(ReviewState.Verifying), nameof(ReviewRefusal.AlreadyAnswered))]
    [InlineData(nameof(ReviewState.Resumed), nameof(ReviewRefusal.AlreadyAnswered))]
    [InlineData(nameof(ReviewState.ClosedElsewhere), nameof(ReviewRefusal.SessionMovedOn))]
    [InlineData(nameof(ReviewState.Cancelled), nameof(ReviewRefusal.SessionMovedOn))]
    public async Task AnyCall_AnsweredOrClosed_IsRefusedAndChangesNothing(string state, string expected)
    {
        await BringAsync(Enum.Parse<ReviewState>(state));
        var before = await ItemAsync();
        var refusal = Enum.Parse<ReviewRefusal>(expected);
        var steps = (await Store.ReadStepsAsync(Sight.Everything, 0, 100, Token)).Items.Count;

        Assert.Equal(new ReviewResult(before, refusal), await AnswerAsync(before.ReviewId, "ada"));
        Assert.Equal(new ReviewResult(before, refusal), await ClaimAsync(before.ReviewId, "ada"));
        Assert.Equal(refusal, (await Store.ClaimReviewAsync(Given.By("bob"), before.ReviewId, ClaimFor, takeover: true, null, Token)).Refusal);
        Assert.Equal(refusal, (await Store.ReleaseReviewAsync(Given.By("ada"), before.ReviewId, null, Token)).Refusal);

        Assert.Equal(before, await ItemAsync());
        Assert.Equal(steps, (await Store.ReadStepsAsync(Sight.Everything, 0, 100, Token)).Items.Count);
    }

    private async Task<string> OpenOneAsync()
    {
        await BlockAsync(Given.Blocker("sevt_1"));
        return (await ItemAsync()).ReviewId;
    }

    private Task<ReviewResult> ClaimAsync(string reviewId, string actor) =>
        Store.ClaimReviewAsync(Given.By(actor), reviewId, ClaimFor, takeover: false, null, Token).AsTask();

    private Task<ReviewResult> AnswerAsync(string reviewId, string actor) =>
        Store.AnswerReviewAsync(Given.By(actor), reviewId, Given.Answer(), Token).AsTask();
}
