using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>Review items: opening, closing, reading. Its other parts test claims and answers, sends, and the table of transitions.</summary>
public abstract partial class ReviewConformance : StoreConformance
{
    private static readonly ResourceKey Session1 = ResourceKey.Session("sesn_1");

    [Fact]
    public async Task Apply_Blocker_OpensAnItem()
    {
        var blocker = Given.Blocker("sevt_1", "tool \"it's\" 😀", """{"a":"100% 'x'"}""") with { SessionThreadId = "sth_1" };
        await BlockAsync(blocker);

        var item = await ItemAsync();

        Assert.Matches("^rev_[0-9]+$", item.ReviewId);
        var expected = new ReviewItem
        {
            ReviewId = item.ReviewId,
            Seq = item.Seq,
            SessionId = "sesn_1",
            Blocker = blocker,
            State = ReviewState.Open,
            OpenedAt = Now,
            OpenedRevision = 1,
            ChangedAt = Now,
        };
        Assert.Equal(expected, item);
        Assert.Equal(expected, await Store.FindReviewAsync(Sight.Everything, item.ReviewId, Token));
        var step = Assert.Single(await Store.ListStepsAsync(Sight.Everything, null, item.ReviewId, Token));
        Assert.Equal((null, ReviewState.Open, "claudedrive"), (step.From, step.To, step.Actor));
    }

    [Fact]
    public async Task Apply_BlockerWithoutTool_ReadsBackNull()
    {
        var blocker = new Blocker { BlockingEventId = "sevt_1", Kind = BlockerKinds.Budget, InputHash = Given.Hash("\n") };
        await BlockAsync(blocker);

        Assert.Equal(blocker, (await ItemAsync()).Blocker);
    }

    [Fact]
    public async Task Apply_SameBlockerAgain_NeverOpensASecondItem()
    {
        await BlockAsync(Given.Blocker("sevt_1"));
        await BlockAsync(Given.Blocker("sevt_1"), Given.Blocker("sevt_2"));
        await BlockAsync();
        await BlockAsync(Given.Blocker("sevt_1"), Given.Blocker("sevt_2"));

        var items = (await Store.ListReviewsAsync(Sight.Everything, new(), new(10), Token)).Items;

        Assert.Equal(["sevt_2", "sevt_1"], items.Select(item => item.Blocker.BlockingEventId));
        Assert.Equal([2, 1], items.Select(item => item.OpenedRevision));
        Assert.All(items, item => Assert.Equal(ReviewState.ClosedElsewhere, item.State));
    }

    [Fact]
    public async Task Apply_SameBlockingEventInOtherSession_IsAnotherItem()
    {
        await BlockAsync(Given.Blocker("sevt_1"));
        await LookAsync(ResourceKey.Session("sesn_2"), before => Given.Change("sesn_2", before, "idle", Given.Blocker("sevt_1")));
        await BlockAsync();

        var items = (await Store.ListReviewsAsync(Sight.Everything, new(), new(10), Token)).Items;

        Assert.Equal([("sesn_2", ReviewState.Open), ("sesn_1", ReviewState.ClosedElsewhere)], items.Select(item => (item.SessionId, item.State)));
    }

    [Fact]
    public async Task FindReviewIds_SomeBlockers_NamesTheirItemsAndThoseThatAreSeenOnly()
    {
        await BlockAsync(Given.Blocker("sevt_1"), Given.Blocker("sevt_2"), Given.Blocker("a \"quoted\" 'one'"));
        var items = (await Store.ListReviewsAsync(Sight.Everything, new(), new(10), Token)).Items;
        BlockerKey[] asked = [new("sesn_1", "sevt_2"), new("sesn_1", "a \"quoted\" 'one'"), new("sesn_1", "sevt_9"), new("sesn_2", "sevt_1")];

        var ids = await Store.FindReviewIdsAsync(Sight.Everything, asked, Token);

        Assert.Equal(
            items.Where(item => item.Blocker.BlockingEventId != "sevt_1").ToDictionary(item => new BlockerKey("sesn_1", item.Blocker.BlockingEventId), item => item.ReviewId),
            ids);
        Assert.Empty(await Store.FindReviewIdsAsync(Sight.Of([new Scope { WorkspaceId = "wrkspc_other" }]), asked, Token));
        Assert.Empty(await Store.FindReviewIdsAsync(Sight.Everything, [], Token));
    }

    [Theory]
    [InlineData("running", nameof(ReviewState.ClosedElsewhere))]
    [InlineData("idle", nameof(ReviewState.ClosedElsewhere))]
    [InlineData("terminated", nameof(ReviewState.Cancelled))]
    [InlineData("deleted", nameof(ReviewState.Cancelled))]
    public async Task Apply_BlockerIsGone_ClosesOpenAndClaimedItems(string status, string expected)
    {
        await BlockAsync(Given.Blocker("sevt_1"), Given.Blocker("sevt_2"), Given.Blocker("sevt_3"));
        await Store.ClaimReviewAsync(Given.By("ada"), (await ItemAsync("sevt_2")).ReviewId, LeaseFor, takeover: false, null, Token);

        Blocker[] left = status == "idle" ? [Given.Blocker("sevt_3")] : [];
        await LookAsync(Session1, before => Given.Change(Session1, before, status, left) with
        {
            Answered = new Dictionary<string, string> { ["sevt_1"] = "sevt_9" },
        });

        var (open, claimed) = (await ItemAsync("sevt_1"), await ItemAsync("sevt_2"));
        Assert.Equal((expected, expected), (open.State.ToString(), claimed.State.ToString()));
        Assert.Null(claimed.ClaimedBy);
        Assert.Null(claimed.AnswerEventId);
        Assert.Equal(Now, open.ChangedAt);
        Assert.Equal(status == "idle" ? ReviewState.Open : Enum.Parse<ReviewState>(expected), (await ItemAsync("sevt_3")).State);
        if (expected == nameof(ReviewState.ClosedElsewhere))
        {
            Assert.Equal("sevt_9", open.AnswerEventId);
        }

        await AssertStepsAreLegalAsync();
    }

    [Theory]
    [InlineData(nameof(ReviewState.Answered))]
    [InlineData(nameof(ReviewState.Sending))]
    [InlineData(nameof(ReviewState.Verifying))]
    [InlineData(nameof(ReviewState.Resumed))]
    public async Task Apply_BlockerIsGoneAfterOurAnswer_ItemIsLeftToTheSender(string state)
    {
        await BringAsync(Enum.Parse<ReviewState>(state));
        var before = await ItemAsync();

        await BlockAsync();

        Assert.Equal(before, await ItemAsync());
    }

    [Fact]
    public async Task Apply_LeaseLost_OpensNothing()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        Time.Advance(LeaseFor);
        await ClaimOneAsync();

        await Store.ApplyAsync(lease, Given.Change(Session1, null, "idle", Given.Blocker("sevt_1")), Token);

        Assert.Equal(0, (await Store.ListReviewsAsync(Sight.Everything, new(), new(10), Token)).Total);
    }

    [Fact]
    public async Task ListReviews_EveryFilter_IsExact()
    {
        await BlockAsync(Given.Blocker("sevt_1"), Given.Blocker("sevt_2"), Given.Blocker("sevt_3"));
        await LookAsync(ResourceKey.Session("sesn_2"), before => Given.Change("sesn_2", before, "idle", Given.Blocker("sevt_4")));
        await Store.ClaimReviewAsync(Given.By("ada"), (await ItemAsync("sevt_1")).ReviewId, LeaseFor, takeover: false, null, Token);
        await Store.ClaimReviewAsync(Given.By("bob"), (await ItemAsync("sevt_2")).ReviewId, LeaseFor + LeaseFor, takeover: false, null, Token);

        await AssertListedAsync(new(), "sevt_4", "sevt_3", "sevt_2", "sevt_1");
        await AssertListedAsync(new() { State = ReviewState.Open }, "sevt_4", "sevt_3");
        await AssertListedAsync(new() { SessionId = "sesn_2" }, "sevt_4");
        await AssertListedAsync(new() { Assignee = "ada" }, "sevt_1");
        await AssertListedAsync(new() { Assignee = "ADA" });
        await AssertListedAsync(new() { State = ReviewState.Claimed, SessionId = "sesn_1" }, "sevt_2", "sevt_1");
        Time.Advance(LeaseFor);
        await AssertListedAsync(new() { State = ReviewState.Open }, "sevt_4", "sevt_3", "sevt_1");
        await AssertListedAsync(new() { State = ReviewState.Claimed }, "sevt_2");
        await AssertListedAsync(new() { Assignee = "ada" });
        var counts = await Store.CountReviewsAsync(Sight.Everything, Token);
        Assert.Equal((3, 1), (counts[ReviewState.Open], counts[ReviewState.Claimed]));
        Assert.Equal(0, counts.GetValueOrDefault(ReviewState.Resumed));
    }

    [Fact]
    public async Task ListReviews_ItemsComeWhilePaging_NoneIsSkippedOrRepeated()
    {
        var blockers = Enumerable.Range(0, 9).Select(i => Given.Blocker($"sevt_{i}")).ToArray();
        await BlockAsync(blockers);

        var seen = new List<string>();
        long? before = null;
        do
        {
            var page = await Store.ListReviewsAsync(Sight.Everything, new(), new(4, before), Token);
            seen.AddRange(page.Items.Select(item => item.Blocker.BlockingEventId));
            before = page.Next;
            blockers = [.. blockers, Given.Blocker($"sevt_new{seen.Count}")];
            await BlockAsync(blockers);
        }
        while (before is not null);

        Assert.Equal(Enumerable.Range(0, 9).Reverse().Select(i => $"sevt_{i}"), seen);
    }

    [Fact]
    public async Task Steps_OfASessionAnItemAndAll_OldestFirst()
    {
        await BlockAsync(Given.Blocker("sevt_1"), Given.Blocker("sevt_2"));
        await LookAsync(ResourceKey.Session("sesn_2"), before => Given.Change("sesn_2", before, "idle", Given.Blocker("sevt_3")));
        var item = await ItemAsync("sevt_1");
        Time.Advance(Tick);
        await Store.ClaimReviewAsync(Given.By("ada"), item.ReviewId, LeaseFor, takeover: false, "it's mine", Token);

        var all = (await Store.ReadStepsAsync(Sight.Everything, 0, 10, Token)).Items;
        var one = await Store.ListStepsAsync(Sight.Everything, null, item.ReviewId, Token);

        Assert.Equal(4, all.Count);
        Assert.Equal([.. all.Select(step => step.Seq).Order().Distinct()], all.Select(step => step.Seq));
        Assert.Equal(all.Where(step => step.SessionId == "sesn_1"), await Store.ListStepsAsync(Sight.Everything, "sesn_1", null, Token));
        Assert.Equal(all.Where(step => step.ReviewId == item.ReviewId), one);
        var claim = one[^1];
        Assert.Equal(new ReviewStep(claim.Seq, item.ReviewId, "sesn_1", Now, ReviewState.Open, ReviewState.Claimed, "ada", "it's mine"), claim);
        Assert.Equal(all.Skip(1).Take(2), (await Store.ReadStepsAsync(Sight.Everything, all[0].Seq, 2, Token)).Items);
        Assert.Empty((await Store.ReadStepsAsync(Sight.Everything, all[^1].Seq, 10, Token)).Items);
    }

    [Fact]
    public async Task Find_Unknown_IsNull()
    {
        Assert.Null(await Store.FindReviewAsync(Sight.Everything, "rev_404", Token));
        Assert.Empty(await Store.ListStepsAsync(Sight.Everything, null, "rev_404", Token));
    }

    /// <summary>The session is seen waiting on just these.</summary>
    private Task<ContextHead> BlockAsync(params Blocker[] blockers) =>
        LookAsync(Session1, before => Given.Change(Session1, before, blockers.Length == 0 ? "running" : "idle", blockers));

    private async Task<ReviewItem> ItemAsync(string blockingEventId = "sevt_1") => Assert.Single(
        (await Store.ListReviewsAsync(Sight.Everything, new(), new(200), Token)).Items, item => item.Blocker.BlockingEventId == blockingEventId);

    private async Task AssertListedAsync(ReviewFilter filter, params string[] expected)
    {
        var page = await Store.ListReviewsAsync(Sight.Everything, filter, new(50), Token);
        Assert.Equal(expected, page.Items.Select(item => item.Blocker.BlockingEventId));
        Assert.Equal(expected.Length, page.Total);
    }
}
