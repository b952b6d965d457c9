using System.Text.Json;
using System.Text.Json.Nodes;
using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Review;
using Xunit;
using static ClaudeDrive.Tests.Fakes.Plans;

namespace ClaudeDrive.Tests.Fakes.Stories;

/// <summary>What must hold of a context after each pass (<see cref="AfterPassAsync"/>), and when everything was seen (<see cref="AtEndAsync"/>).</summary>
internal sealed class StoryChecks(Story story, StoryRun run)
{
    private readonly Dictionary<string, int> _order = story.Events.Select(static (item, index) => (item.Id, index)).ToDictionary(StringComparer.Ordinal);
    private readonly Dictionary<string, EventState> _states = new(StringComparer.Ordinal);
    private ContextHead? _before;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Nothing moved back, and the events that were closed say truly whether the context was newer.</summary>
    public async Task AfterPassAsync()
    {
        var head = await run.HeadAsync();
        await CheckClosedAsync(head);
        if (head is null || ReferenceEquals(head, _before))
        {
            return;
        }

        if (_before is { } before)
        {
            Assert.True(head.AsOf >= before.AsOf, $"as of moved back from {before.AsOf:O} to {head.AsOf:O}");
            Assert.True(head.Revision >= before.Revision, "the revision moved back");
            Assert.True(UpdatedAt(head) >= UpdatedAt(before), "the object moved back");
            Assert.True(before.Status != ContextTransitions.Deleted || head.Status == ContextTransitions.Deleted, "deleted is not final");
            var (fold, old) = (SessionFold.Parse(head.FoldJson), SessionFold.Parse(before.FoldJson));
            Assert.True(Place(fold.StatusEventId) >= Place(old.StatusEventId), $"the status moved back from {old.StatusEventId} to {fold.StatusEventId}");
            Assert.True(Place(fold.LastEventId) >= Place(old.LastEventId) || old.LastAt is null, $"the transcript moved back from {old.LastEventId} to {fold.LastEventId}");
            Assert.True(fold.Events >= old.Events, "the transcript shrank");
        }

        _before = head;
    }

    /// <summary>Context, history, timeline, events and review items are what the truth says.</summary>
    public async Task AtEndAsync()
    {
        var head = await run.HeadAsync();
        Assert.NotNull(head);
        CheckHead(head);
        await CheckChainAsync(head);
        await CheckTimelineAsync();
        await CheckEventsAsync();
        await CheckReviewsAsync();
    }

    private void CheckHead(ContextHead head)
    {
        var told = run.Arrived.Any(static group => group.First().EventType == "session.deleted");
        var status = story.DeletedAt is null ? story.Status : told ? ContextTransitions.Deleted : ContextTransitions.Gone;
        Assert.Equal(status, head.Status);
        Assert.Equal(story.DeletedAt is null ? story.Triage : null, head.Triage);
        Assert.Equal(
            story.DeletedAt is null ? story.WaitsAt(long.MaxValue).Select(static wait => (wait.EventId, wait.Kind, wait.Tool)) : [],
            head.Blockers.Select(static blocker => (blocker.BlockingEventId, blocker.Kind, blocker.ToolName)));
        if (story.DeletedAt is null)
        {
            // However it was seen, it is what one look at the end sees.
            var once = ContextPlanner.PlanSession(
                null, Fetched(story.ObjectAt(long.MaxValue)!.Value, true, story.EventsAt(long.MaxValue, DateTimeOffset.MinValue)), NothingKnown, Lease(), At(1000));
            Assert.Equal(once.Head.SnapshotHash, head.SnapshotHash);
        }
    }

    private async Task CheckChainAsync(ContextHead head)
    {
        ContextRevision? previous = null;
        foreach (var revision in (await run.Store.ReadRevisionsAsync(Sight.Everything, 0, int.MaxValue, Token)).Items)
        {
            Assert.Equal((previous?.Number ?? 0) + 1, revision.Number);
            Assert.True(RevisionHash.Verify(revision, previous?.Hash ?? RevisionHash.Genesis), $"revision {revision.Number} breaks the chain");
            Assert.True(ContextTransitions.IsLegal(revision.Resource, previous?.Status, revision.Status), $"from {previous?.Status} to {revision.Status}");
            if (previous is not null)
            {
                Assert.True(revision.AsOf >= previous.AsOf && revision.RecordedAt >= previous.RecordedAt, $"a clock of revision {revision.Number} moved back");
                Assert.True(
                    JsonNode.DeepEquals(JsonPatch.Apply(previous.Snapshot, revision.PatchJson), JsonNode.Parse(revision.Snapshot.Span)),
                    $"the patch of revision {revision.Number} leads elsewhere");
            }

            previous = revision;
        }

        Assert.Equal((previous!.Number, previous.Hash), (head.Revision, head.RevisionHash));
    }

    // Events that tie may stand in the order in which they were first seen; nothing else may be out of order, and nothing may be missing.
    private async Task CheckTimelineAsync()
    {
        var rows = (await run.Store.ListTranscriptAsync(Sight.Everything, Story.SessionId, new PageRequest(PageRequest.MaxLimit), Token)).Items;
        Assert.Equal(rows.Select(static row => row.ProcessedAt ?? DateTimeOffset.MaxValue).Order(), rows.Select(static row => row.ProcessedAt ?? DateTimeOffset.MaxValue));
        if (story.DeletedAt is null)
        {
            Assert.Equal(
                story.Events.Select(static item => (item.Id, RevisionHash.Truncate(Story.Instant(item.At)))).Order(),
                rows.Select(static row => (row.EventId, row.ProcessedAt!.Value)).Order());
        }
    }

    private async Task CheckEventsAsync()
    {
        var stored = ((await run.Store.ReadEventsAsync(Sight.Everything, 0, int.MaxValue, Token)).Items).ToDictionary(static record => record.Envelope.EventId, StringComparer.Ordinal);
        Assert.Equal(run.Arrived.Select(static group => group.Key).Order(), stored.Keys.Order());
        Assert.All(stored.Values, static record => Assert.True(
            record.State is EventState.Applied or EventState.Superseded or EventState.Covered, $"{record.Envelope.EventId} ended as {record.State}"));
    }

    // What a 404 cancelled stays cancelled when the session comes back (ADR 0007 says nothing of it): a known limit, and the only one.
    private async Task CheckReviewsAsync()
    {
        var gone = ((await run.Store.ReadRevisionsAsync(Sight.Everything, 0, int.MaxValue, Token)).Items)
            .Where(static revision => revision.Status == ContextTransitions.Gone).Select(static revision => revision.RecordedAt).ToHashSet();
        HashSet<string> lost = [];
        var items = (await run.Store.ListReviewsAsync(Sight.Everything, new ReviewFilter(), new PageRequest(PageRequest.MaxLimit), Token)).Items;
        Assert.Equal(items.Count, items.DistinctBy(static item => item.Blocker.BlockingEventId).Count());
        var waits = story.Waits.ToDictionary(static wait => wait.EventId, StringComparer.Ordinal);
        foreach (var item in items)
        {
            var wait = waits.GetValueOrDefault(item.Blocker.BlockingEventId);
            Assert.True(wait is not null, $"{item.Blocker.BlockingEventId} was never waited on");
            Assert.Equal((wait.Kind, wait.Tool), (item.Blocker.Kind, item.Blocker.ToolName));
            foreach (var step in await run.Store.ListStepsAsync(Sight.Everything, null, item.ReviewId, Token))
            {
                var since = step.To == ReviewState.Open ? wait.From : wait.Until;
                var isRight = since is not null && step.At >= Story.Instant(since.Value);
                if (!isRight && step.To == ReviewState.Cancelled && gone.Contains(RevisionHash.Truncate(step.At)))
                {
                    lost.Add(wait.EventId);
                    continue;
                }

                Assert.True(isRight, $"{wait}: {step.To} at {step.At:O}");
            }
        }

        Assert.Equal(
            story.DeletedAt is null ? story.WaitsAt(long.MaxValue).Select(static wait => wait.EventId).Except(lost).Order() : [],
            items.Where(static item => item.State == ReviewState.Open).Select(static item => item.Blocker.BlockingEventId).Order());
    }

    private async Task CheckClosedAsync(ContextHead? head)
    {
        foreach (var record in (await run.Store.ReadEventsAsync(Sight.Everything, 0, int.MaxValue, Token)).Items)
        {
            var (id, created) = (record.Envelope.EventId, record.Envelope.CreatedAt!.Value);
            var before = _states.GetValueOrDefault(id);
            _states[id] = record.State;
            if (before == record.State)
            {
                continue;
            }

            Assert.True(EventTransitions.IsLegal(before, record.State), $"{id} went from {before} to {record.State}");
            if (record.State == EventState.Superseded)
            {
                Assert.True(_before?.Status == ContextTransitions.Deleted || created < _before?.AsOf, $"{id} of {created:O} was not older than the context");
            }
            else if (record.State == EventState.Applied)
            {
                Assert.Equal(head!.Revision, record.AppliedRevision);
            }
        }
    }

    private int Place(string? eventId) => eventId is null ? -1 : _order[eventId];

    private static DateTimeOffset UpdatedAt(ContextHead head)
    {
        if (head.Object.IsEmpty)
        {
            return DateTimeOffset.MinValue;
        }

        using var document = JsonDocument.Parse(head.Object);
        return SessionEventReader.Instant(document.RootElement, "updated_at")!.Value;
    }
}
