using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.Contexts;
using ClaudeDrive.Custody;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <content>Dropping the content of deleted sessions.</content>
public abstract partial class CustodyConformance
{
    private const int Entries = 7;

    private static readonly ResourceKey Session = ResourceKey.Session("sesn_1");

    private static readonly ResourceKey Thread = new(ResourceKey.SessionThreadType, "sthr_1");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(500)]
    public async Task Drop_DeletedSession_LeavesTheTombstone(int maxRows)
    {
        var before = await DeletedAsync();
        var revisions = (await Store.ListRevisionsAsync(Sight.Everything, Session, new(50), Token)).Items;

        var steps = await DropAsync(TimeSpan.Zero, maxRows);

        Assert.All(steps.Where(static step => step.SessionId is null), step => Assert.InRange(step.Rows, 0, maxRows));
        Assert.Single(steps, static step => step.SessionId == "sesn_1");
        await AssertDroppedAsync(Session, before);
        await AssertDroppedAsync(Thread, null);
        var transcript = await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(50), Token);
        Assert.Equal((0, 0), (transcript.Items.Count, transcript.Total));
        var after = (await Store.ListRevisionsAsync(Sight.Everything, Session, new(50), Token)).Items;
        Assert.Equal(revisions.Select(static r => (r.Number, r.Hash, r.PreviousHash, r.SnapshotHash, r.Cause)), after.Select(static r => (r.Number, r.Hash, r.PreviousHash, r.SnapshotHash, r.Cause)));
        Assert.All(after, static revision => Assert.True(DroppedContent.IsDropped(revision) && RevisionHash.Verify(revision, revision.PreviousHash)));
        Assert.Equal(after.Count, (await Store.ReadRevisionsAsync(Sight.Everything, 0, 50, Token)).Items.Count(static r => r.Resource == Session && DroppedContent.IsDropped(r)));
        var item = Assert.Single((await Store.ListReviewsAsync(Sight.Everything, new(), new(5), Token)).Items);
        Assert.Equal((null, null, ReviewState.Resumed), (item.Blocker.InputJson, item.AnswerJson, item.State));
        Assert.Equal(Given.Blocker("sevt_1").InputHash, item.Blocker.InputHash);
        Assert.All(await Store.ListStepsAsync(Sight.Everything, "sesn_1", null, Token), static step => Assert.Null(step.Note));
        var audit = Assert.Single((await Store.ReadAuditAsync(0, 50, Token)).Where(static entry => entry.What.Action == AuditActions.ContentDropped));
        Assert.Equal(("session/sesn_1", "claudedrive", $$"""{"revisions":"3","revision_hash":"{{before.RevisionHash}}"}"""), (audit.What.Resource, audit.What.Actor, audit.What.After));
        Assert.Equal(new ContentStep(0, null, true), await Store.DropContentAsync(new ContentCut(TimeSpan.Zero, maxRows), Token));
        Assert.Contains("content_dropped", await BodyAsync("inferred_1"), StringComparison.Ordinal);
        Assert.Equal("""{"id":"wevt_1"}""", await BodyAsync("wevt_1"));
    }

    [Fact]
    public async Task Drop_NotLongEnough_NothingGoes()
    {
        var head = await DeletedAsync();
        Time.SetUtcNow(head.HydratedAt + KeepFor - Tick);
        await AssertKeptAsync(KeepFor);
        await AssertKeptAsync(TimeSpan.MaxValue);
        Time.Advance(Tick);
        Assert.Contains(await DropAsync(KeepFor), static step => step.SessionId == "sesn_1");
    }

    [Fact]
    public async Task Drop_TimeOfTheWorkspace_Wins()
    {
        await DeletedAsync();
        Time.Advance(TimeSpan.FromDays(400));
        Assert.Equal(
            new ContentStep(0, null, true),
            await Store.DropContentAsync(new ContentCut(TimeSpan.Zero, 10) { Workspaces = new Dictionary<string, TimeSpan> { ["wrkspc_1"] = TimeSpan.MaxValue } }, Token));
        Assert.NotEqual(
            new ContentStep(0, null, true),
            await Store.DropContentAsync(new ContentCut(TimeSpan.MaxValue, 10) { Workspaces = new Dictionary<string, TimeSpan> { ["wrkspc_1"] = KeepFor } }, Token));
    }

    [Theory]
    [InlineData("running")]
    [InlineData("terminated")]
    [InlineData("gone")]
    public async Task Drop_NotDeleted_NothingGoes(string status)
    {
        await LookAsync(Session, before => Given.Change("sesn_1", before, status) with { SessionEvents = [Given.SessionEvent("sevt_0", Given.Start)] });
        Time.Advance(TimeSpan.FromDays(10_000));
        Assert.Equal(new ContentStep(0, null, true), await Store.DropContentAsync(new ContentCut(TimeSpan.Zero, 10), Token));
        Assert.Equal(1, (await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(5), Token)).Total);
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("session")]
    [InlineData("workspace")]
    public async Task Drop_Held_StaysUntilItIsLifted(string what)
    {
        await DeletedAsync();
        Time.Advance(KeepFor);
        var (scope, target) = what switch
        {
            "everything" => (HoldScope.Everything, (string?)null),
            "session" => (HoldScope.Session, "sesn_1"),
            _ => (HoldScope.Workspace, "wrkspc_1"),
        };
        await HoldAsync("hold_1", scope, target);
        await AssertKeptAsync(TimeSpan.Zero);
        Assert.True(await Store.LiftHoldAsync(Ada, "hold_1", Token));
        Assert.Contains(await DropAsync(TimeSpan.Zero), static step => step.SessionId == "sesn_1");
    }

    [Fact]
    public async Task Drop_HeldHalfWay_TheRestStays()
    {
        await DeletedAsync();
        Time.Advance(KeepFor);
        var words = 1 + Entries + 1; // Of the session, of its entries, of its thread: they go first.
        Assert.Equal(words + 3, (await Store.DropContentAsync(new ContentCut(TimeSpan.Zero, words + 3), Token)).Rows);
        await HoldAsync("hold_1", HoldScope.Session, "sesn_1");

        Assert.Equal(new ContentStep(0, null, true), await Store.DropContentAsync(new ContentCut(TimeSpan.Zero, 3), Token));
        Assert.Equal(Entries - 3, (await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(50), Token)).Total);
    }

    [Fact]
    public async Task Drop_AnswerUnderWay_Waits()
    {
        await LookAsync(Session, before => Given.Change("sesn_1", before, "idle", Given.Blocker("sevt_1")));
        var item = Assert.Single((await Store.ListReviewsAsync(Sight.Everything, new(), new(5), Token)).Items);
        await AnswerAsync(item);
        var lease = Assert.Single(await Store.ClaimSendsAsync(1, LeaseFor, Token));
        await LookAsync(Session, before => Given.Change("sesn_1", before, "deleted"));
        Time.Advance(KeepFor);

        Assert.Equal(new ContentStep(0, null, true), await Store.DropContentAsync(new ContentCut(TimeSpan.Zero, 10), Token));
        Assert.True(await Store.EndSendAsync(lease, new SendEnding(ReviewState.Cancelled), Token) || await EndAgainAsync());
        Assert.Contains(await DropAsync(TimeSpan.Zero), static step => step.SessionId == "sesn_1");

        async Task<bool> EndAgainAsync() =>
            await Store.EndSendAsync(Assert.Single(await Store.ClaimSendsAsync(1, LeaseFor, Token)), new SendEnding(ReviewState.Cancelled), Token);
    }

    [Fact]
    public async Task Apply_LookThatWasPlannedBefore_BringsNothingBack()
    {
        var before = await DeletedAsync();
        Time.Advance(KeepFor);
        await Store.RequestAsync(Session, null, WorkLane.Normal, Token);
        var lease = await ClaimOneAsync();
        await DropAsync(TimeSpan.Zero);

        Assert.Equal(ApplyOutcome.Applied, await Store.ApplyAsync(lease, Given.NoChange(before), Token));
        await AssertDroppedAsync(Session, before);
    }

    [Fact]
    public async Task Drop_SeveralSessions_AllAndOnlyTheDeleted()
    {
        for (var i = 0; i < 5; i++)
        {
            var id = $"sesn_{i}";
            await LookAsync(ResourceKey.Session(id), before => Given.Change(id, before) with { SessionEvents = [Given.SessionEvent($"sevt_{i}", Given.Start)] });
            if (i % 2 == 0)
            {
                await LookAsync(ResourceKey.Session(id), before => Given.Change(id, before, "deleted"));
            }
        }

        var steps = await DropAsync(TimeSpan.Zero);

        Assert.Equal(["sesn_0", "sesn_2", "sesn_4"], steps.Select(static step => step.SessionId).OfType<string>());
        Assert.Equal(1, (await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(5), Token)).Total);
    }

    private async Task<string> BodyAsync(string eventId) =>
        System.Text.Encoding.UTF8.GetString((await Store.FindEventAsync(Sight.Everything, null, eventId, Token))!.Value.Body.Span);

    private async Task<ContextHead> DeletedAsync()
    {
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);
        await Store.StoreAsync(Given.Arrival("inferred_1") with { Source = EventSource.Inferred, ProofRequestId = "req_1", Delivery = null }, Token);
        var events = Enumerable.Range(0, Entries).Select(static i => Given.SessionEvent($"sevt_e{i}", Given.Start.AddSeconds(i))).ToList();
        await LookAsync(Session, before => Given.Change("sesn_1", before, "idle", Given.Blocker("sevt_1")) with { SessionEvents = events });
        var thread = Given.Change(Thread, null);
        await LookAsync(Thread, _ => thread with { Head = thread.Head with { ParentId = "sesn_1" } });
        await AnswerAsync(Assert.Single((await Store.ListReviewsAsync(Sight.Everything, new(), new(5), Token)).Items));
        Assert.True(await Store.EndSendAsync(Assert.Single(await Store.ClaimSendsAsync(1, LeaseFor, Token)), new SendEnding(ReviewState.Resumed, "sevt_9"), Token));
        await LookAsync(Session, before => Given.Change("sesn_1", before));
        return await LookAsync(Session, before => Given.Change("sesn_1", before, "deleted"));
    }

    private async Task AnswerAsync(ReviewItem item) =>
        Assert.Null((await Store.AnswerReviewAsync(Given.By("dana"), item.ReviewId, Given.Answer(), Token)).Refusal);

    private async Task<List<ContentStep>> DropAsync(TimeSpan keepFor, int maxRows = 10)
    {
        List<ContentStep> steps = [];
        do
        {
            Assert.True(steps.Count < 1000, "Dropping never ends.");
            steps.Add(await Store.DropContentAsync(new ContentCut(keepFor, maxRows), Token));
        }
        while (!steps[^1].IsLast);
        return steps;
    }

    private async Task AssertKeptAsync(TimeSpan keepFor)
    {
        Assert.Equal(new ContentStep(0, null, true), await Store.DropContentAsync(new ContentCut(keepFor, 10), Token));
        Assert.Equal(Entries, (await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(50), Token)).Total);
    }

    private async Task AssertDroppedAsync(ResourceKey resource, ContextHead? before)
    {
        var head = (await Store.FindHeadAsync(Sight.Everything, resource, Token))!;
        Assert.Equal((null, null, null), (head.Title, head.MetadataJson, head.FoldJson));
        Assert.True(head.Object.IsEmpty);
        Assert.Empty(head.Blockers);
        Assert.Null(await Store.FindHeadAsync(Sight.Of([new Scope { Tag = new MetadataTag("team", "billing") }]), resource, Token));
        Assert.NotNull(await Store.FindHeadAsync(Sight.Of([new Scope { WorkspaceId = "wrkspc_1" }]), resource, Token));
        if (before is not null)
        {
            Assert.Equal(
                (before.Status, before.Revision, before.RevisionHash, before.WorkspaceId, before.AgentId, before.AsOf),
                (head.Status, head.Revision, head.RevisionHash, head.WorkspaceId, head.AgentId, head.AsOf));
        }
    }
}
