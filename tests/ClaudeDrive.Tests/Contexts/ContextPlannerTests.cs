using System.Text.Json;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Tests.Fakes;
using Xunit;
using static ClaudeDrive.Tests.Fakes.Events;
using static ClaudeDrive.Tests.Fakes.Plans;

namespace ClaudeDrive.Tests.Contexts;

public sealed class ContextPlannerTests
{
    private static readonly DateTimeOffset Now = At(101);

    [Fact]
    public void PlanSession_FirstLook_IsRevisionOneWithEverythingApplied()
    {
        var change = Plan(null, Session("idle", 5), Lease(Webhook("w1", 1), Webhook("w2", null)), CustomTool("A", 4), Idle("i", 5.5, "requires_action", "A"));

        var revision = change.Revision!;
        Assert.Equal((1, 0, "webhook", RevisionHash.Genesis), (revision.Number, change.BaseRevision, revision.Cause, revision.PreviousHash));
        Assert.Null(change.SupersedeBefore);
        Assert.Equal(At(5.5), revision.AsOf);
        Assert.Equal(["w1", "w2"], revision.EventIds);
        Assert.Equal(["req_1", "req_2"], revision.RequestIds);
        Assert.Equal(("idle", "needs_answer", "requires_action"), (change.Head.Status, change.Head.Triage, change.Head.StopReason));
        Assert.Equal(("Refund 4711", "agent_1", "refunds"), (change.Head.Title, change.Head.AgentId, change.Head.AgentName));
        Assert.Equal(["A", "i"], change.SessionEvents.Select(static item => item.EventId));
    }

    [Theory]
    [InlineData(1.0, null, false, true)] // Older, nothing new: superseded.
    [InlineData(1.0, null, true, false)] // Older, yet the look found news: it told something.
    [InlineData(1.0, 9.0, true, true)] // Older beside a newer one: superseded.
    [InlineData(5.0, null, false, false)] // Of the same instant: applied.
    [InlineData(9.0, null, false, false)] // Newer: applied.
    [InlineData(null, null, false, false)] // Without an instant: applied.
    public void PlanSession_LaterWebhooks_AreSupersededByWhatTheContextShowed(double? created, double? other, bool isNews, bool isSuperseded)
    {
        var head = Next(Plan(null, Session("idle", 5), Lease(Webhook("w0", 1)), Idle("i", 5, "end_turn")));
        EventRecord[] events = other is null ? [Webhook("w", created)] : [Webhook("w", created), Webhook("v", other)];

        var change = isNews
            ? Plan(head, Session("running", 8), Lease(events), Idle("i", 5, "end_turn"), Running("r", 8))
            : Plan(head, Session("idle", 5), Lease(events), Idle("i", 5, "end_turn"));

        Assert.Equal(isNews, change.Revision is not null);
        Assert.Equal(isSuperseded, events[0].Envelope.CreatedAt < change.SupersedeBefore);
        if (other is not null)
        {
            Assert.False(events[1].Envelope.CreatedAt < change.SupersedeBefore);
        }
    }

    [Fact]
    public void PlanSession_StaleObject_NeverMovesBackAndLooksAgain()
    {
        var head = Next(Plan(null, Session("idle", 50), Lease(Webhook("w0", 1)), Running("r", 10), Idle("i", 50, "end_turn")));

        var change = Plan(head, Session("running", 10), Lease(Webhook("w1", 60)), Running("r", 10), Idle("i", 50, "end_turn"));

        Assert.Null(change.Revision);
        Assert.Equal(head.Object.ToArray(), change.Head.Object.ToArray());
        Assert.Equal(("idle", At(50)), (change.Head.Status, change.Head.AsOf));
        Assert.NotNull(change.LookAgainAfter);
    }

    [Fact]
    public void PlanResource_StaleObject_NeverMovesBackAndLooksAgain()
    {
        var agent = new ResourceKey("agent", "agent_1");
        var head = PlanAgent(null, agent, 50, "\"archived_at\":null").Head;

        var change = PlanAgent(head, agent, 10, "\"archived_at\":null,\"name\":\"older\"");

        Assert.Null(change.Revision);
        Assert.Equal(At(50), change.Head.AsOf);
        Assert.NotNull(change.LookAgainAfter);
    }

    [Fact]
    public void PlanResource_StaleAnswerAfterATombstone_LiftsItWithTheNewestKnownObject()
    {
        var agent = new ResourceKey("agent", "agent_1");
        var head = PlanAgent(null, agent, 50, "\"name\":\"new\"").Head;
        head = ContextPlanner.PlanTombstone(head, ContextTransitions.Gone, "req_9", Lease(agent), Now).Head;

        var change = PlanAgent(head, agent, 10, "\"name\":\"old\"");

        Assert.Equal(("active", "new"), (change.Head.Status, change.Head.Title));
        Assert.Equal(3, change.Revision!.Number);
    }

    [Fact]
    public void PlanSession_ObjectBehindTheEvents_FollowsTheEventsAndLooksAgain()
    {
        var change = Plan(null, Session("running", 99), Lease(Webhook("w", 1)), Running("r", 98), Idle("i", 99.5, "end_turn"));

        Assert.Equal("idle", change.Head.Status);
        Assert.Equal(TimeSpan.FromSeconds(1.5), change.LookAgainAfter);
    }

    [Theory]
    [InlineData(100.9, 0.5)]
    [InlineData(99, 2.0)]
    [InlineData(61, 40.0)]
    [InlineData(-200, 60.0)]
    [InlineData(-498, 60.0)]
    [InlineData(-500, null)]
    [InlineData(101, 0.5)]
    [InlineData(103, 2.0)] // Claude's clock is ahead of ours.
    [InlineData(4000, null)]
    public void LookAgain_AgeOfTheState_IsBoundedBothWays(double asOf, double? seconds) =>
        Assert.Equal(seconds is { } number ? TimeSpan.FromSeconds(number) : null, ContextPlanner.LookAgain(At(asOf), Now));

    [Fact]
    public void PlanSession_Answers_AreNamedEvenWhenTheSessionIsAlreadyElsewhere()
    {
        var head = Next(Plan(null, Session("idle", 5), Lease(Webhook("w0", 1)), CustomTool("A", 4), Idle("i", 5, "requires_action", "A")));

        var change = Plan(
            head, Session("idle", 9), Lease(Webhook("w1", 9)), CustomResult("u", 6, "A"), Running("r", 6.5), CustomTool("B", 7), Idle("j", 8, "requires_action", "B"));

        Assert.Equal("u", change.Answered["A"]);
        Assert.Equal(["B"], change.Head.Blockers.Select(static blocker => blocker.BlockingEventId));
    }

    [Fact]
    public void PlanTombstone_Deleted_IsFinal()
    {
        var head = Next(Plan(null, Session("idle", 5), Lease(Webhook("w0", 1)), Idle("i", 5, "end_turn")));
        var deleted = ContextPlanner.PlanTombstone(head, ContextTransitions.Deleted, null, Lease(Webhook("w1", 7, isDeletion: true)), Now);
        Assert.Equal(("deleted", "deleted", At(7)), (deleted.Head.Status, deleted.Revision!.Cause, deleted.Revision.AsOf));
        Assert.Equal(head.Object.ToArray(), deleted.Head.Object.ToArray());

        var late = Plan(deleted.Head, Session("idle", 9), Lease(Webhook("w2", 9)), Running("r", 9));
        var again = ContextPlanner.PlanTombstone(deleted.Head, ContextTransitions.Gone, "req_9", Lease(Webhook("w3", 10)), Now);

        Assert.All([late, again], change =>
        {
            Assert.Null(change.Revision);
            Assert.Equal("deleted", change.Head.Status);
            Assert.True(At(10) < change.SupersedeBefore);
            Assert.Empty(change.SessionEvents);
        });
    }

    [Fact]
    public void PlanTombstone_Gone_CanReturn()
    {
        var head = Next(Plan(null, Session("idle", 5), Lease(Webhook("w0", 1)), CustomTool("A", 4), Idle("i", 5, "requires_action", "A")));
        var gone = ContextPlanner.PlanTombstone(head, ContextTransitions.Gone, "req_9", Lease(Webhook("w1", 7)), Now);
        Assert.Equal(("gone", null), (gone.Head.Status, gone.Head.Triage));
        Assert.Empty(gone.Head.Blockers);
        Assert.Equal(["req_9"], gone.Revision!.RequestIds);

        var back = Plan(gone.Head, Session("idle", 5), Lease(Webhook("w2", 8)), Idle("i", 5, "requires_action", "A"));
        Assert.Equal(("idle", 3), (back.Head.Status, back.Revision!.Number));
        Assert.True(back.Revision.AsOf >= gone.Revision.AsOf);
    }

    [Fact]
    public void PlanTombstone_NeverSeen_IsAContextWithoutAnObject()
    {
        var change = ContextPlanner.PlanTombstone(null, ContextTransitions.Gone, "req_9", Lease(Webhook("w", 1)), Now);
        Assert.Equal(("gone", 1), (change.Head.Status, change.Revision!.Number));
        Assert.True(change.Head.Object.IsEmpty);
        Assert.Equal(JsonValueKind.Null, new ContextChanged(change.Revision).Fetched.ValueKind);
    }

    [Fact]
    public void PlanSession_ImpossibleTransition_ChangesNothingAndSaysSo()
    {
        var head = Next(Plan(null, Session("terminated", 5), Lease(Webhook("w0", 1))));

        var change = Plan(head, Session("running", 9), Lease(Webhook("w1", 9)), Running("r", 9));

        Assert.Null(change.Revision);
        Assert.Equal("impossible_transition: terminated to running", change.Refusal);
        Assert.Same(head, change.Head);
        Assert.Empty(change.SessionEvents);
    }

    [Fact]
    public void PlanResource_Unarchived_IsImpossible()
    {
        var agent = new ResourceKey("agent", "agent_1");
        var head = PlanAgent(null, agent, 5, $"\"archived_at\":\"{Instant(5)}\"").Head;
        Assert.Equal("archived", head.Status);
        Assert.NotNull(PlanAgent(head, agent, 9, "\"archived_at\":null").Refusal);
    }

    [Theory]
    [InlineData(EventSource.Webhook, "webhook")]
    [InlineData(EventSource.Inferred, "inferred")]
    [InlineData(EventSource.Manual, "requested")]
    internal void PlanSession_Source_IsTheCause(EventSource source, string cause) =>
        Assert.Equal(cause, Plan(null, Session("running", 5), Lease(Webhook("w", 1, source: source))).Revision!.Cause);

    [Fact]
    public void PlanSession_WholeListIsBehind_TakesNothingBack()
    {
        var head = Next(Plan(null, Session("idle", 5), Lease(Webhook("w0", 1)), Running("r", 4), Idle("i", 5, "end_turn")));
        var known = new Dictionary<string, DateTimeOffset?> { ["r"] = At(4), ["i"] = At(5) };

        var change = ContextPlanner.PlanSession(head, Fetched(Session("running", 4), true, Running("r", 4)), known, Lease(Webhook("w", 6)), Now);

        Assert.Null(change.Revision);
        Assert.Equal(("idle", At(5)), (change.Head.Status, change.Head.EventCursor));
    }

    [Theory]
    [InlineData(100, 0, true)] // The tool use may be late.
    [InlineData(91.5, 0, true)]
    [InlineData(91, 1, false)] // It is not: a person sees at least that something waits.
    [InlineData(112, 1, false)] // A clock far ahead of ours says nothing about age; the API does not contradict itself.
    public void PlanSession_ToolUseNotVisible_OpensNothingWhileItMayBeLate(double idledAt, int waiting, bool looksAgain)
    {
        var change = Plan(null, Session("idle", idledAt), Lease(Webhook("w", 1)), Idle("i", idledAt, "requires_action", "A"));

        Assert.Equal(waiting, change.Head.Blockers.Count);
        Assert.Equal("needs_answer", change.Head.Triage);
        Assert.Equal(looksAgain, change.LookAgainAfter is not null);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(91, false)]
    public void PlanSession_RunsWhileAnotherThreadWaits_LooksAgainOnlyWhileTheAnswerMayBeLate(double ranAt, bool looksAgain)
    {
        var change = Plan(
            null, Session("running", ranAt), Lease(Webhook("w", 1)), CustomTool("A", 4, "sthr_1"), Idle("i", 5, "requires_action", "A"), Running("r", ranAt));

        Assert.Equal("A", Assert.Single(change.Head.Blockers).BlockingEventId);
        Assert.Equal(looksAgain, change.LookAgainAfter is not null);
    }

    [Fact]
    public void PlanSession_SameEventTwiceInOneList_CountsOnce()
    {
        var change = Plan(null, Session("running", 5), Lease(), Running("r", 4), Running("r", 4));
        Assert.Equal(1, SessionFold.Parse(change.Head.FoldJson).Events);
        Assert.Single(change.SessionEvents);
    }

    [Fact]
    public void PlanSession_NoInstantAnywhere_IsAsOfTheFetchToTheMicrosecond()
    {
        var fetched = Fetched(Parse("""{"id":"sesn_1","status":"idle"}""")) with { FetchedAt = At(100).AddTicks(7) };
        Assert.Equal(At(100), ContextPlanner.PlanSession(null, fetched, NothingKnown, Lease(), Now).Revision!.AsOf);
    }

    private static ContextChange Plan(ContextHead? head, JsonElement session, ResourceLease lease, params JsonElement[] events)
    {
        // What the store knows: every event up to the head's cursor.
        var known = events.Select(static item => SessionEventReader.Record(item)!)
            .Where(item => item.ProcessedAt <= head?.EventCursor).DistinctBy(static item => item.EventId)
            .ToDictionary(static item => item.EventId, static item => item.ProcessedAt);
        return ContextPlanner.PlanSession(head, Fetched(session, head is null, events), known, lease, Now);
    }

    private static ContextChange PlanAgent(ContextHead? head, ResourceKey agent, double updatedAt, string more)
    {
        var json = Parse($$"""{"id":"agent_1","type":"agent","updated_at":"{{Instant(updatedAt)}}",{{more}}}""");
        return ContextPlanner.PlanResource(head, Fetched(agent, json), Lease(agent, Webhook("w", updatedAt)), Now);
    }
}
