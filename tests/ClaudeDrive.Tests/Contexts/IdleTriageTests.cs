using System.Text.Json;
using ClaudeDrive.Contexts;
using ClaudeDrive.Tests.Fakes;
using Xunit;
using static ClaudeDrive.Tests.Fakes.Events;

namespace ClaudeDrive.Tests.Contexts;

/// <summary>Every stop reason and every kind of blocker (claude-api §3.5, §3.6), concluded from folded histories.</summary>
public sealed class IdleTriageTests
{
    [Theory]
    [InlineData("end_turn", Triages.Finished, null)]
    [InlineData("budget_reached", Triages.OutOfBudget, BlockerKinds.Budget)]
    [InlineData("retries_exhausted", Triages.GaveUp, BlockerKinds.GaveUp)]
    [InlineData("refusal", Triages.Refused, BlockerKinds.Refusal)]
    [InlineData("something_new", Triages.Unknown, null)]
    public void Conclude_StopReason_GivesTriageAndBlocker(string reason, string triage, string? kind)
    {
        var conclusion = Conclude(Session("idle", 3), Running("r", 1), Idle("i", 2, reason));

        Assert.Equal((ContextTransitions.Idle, triage, false), (conclusion.Status, conclusion.Triage, conclusion.Contradicts));
        Assert.Equal(kind, conclusion.Blockers.SingleOrDefault()?.Kind);
        Assert.All(conclusion.Blockers, static blocker => Assert.Equal("i", blocker.BlockingEventId));
    }

    [Fact]
    public void Conclude_IdleWithoutAnyReason_IsUnknown() =>
        Assert.Equal(Triages.Unknown, Conclude(Session("idle", 3), Event("i", "session.status_idle", 2, "\"stop_reason\":null")).Triage);

    [Fact]
    public void Conclude_NoStatusEvent_NeverStarted()
    {
        var conclusion = Conclude(Session("idle", 3), Message("m", null));
        Assert.Equal((ContextTransitions.Idle, Triages.NeverStarted, false), (conclusion.Status, conclusion.Triage, conclusion.Contradicts));
    }

    [Fact]
    public void Conclude_EachToolUse_IsABlockerOfItsKind()
    {
        var conclusion = Conclude(
            Session("idle", 9),
            CustomTool("A", 1, "sthr_2"),
            Tool("B", 1, "ask"),
            McpTool("C", 1, "sthr_3"),
            Tool("D", 1),
            Tool("E", 1, "allow"),
            Idle("i", 2, "requires_action", "A", "B", "C", "D"));

        Assert.Equal(
            [("A", BlockerKinds.CustomTool), ("B", BlockerKinds.ToolPermission), ("C", BlockerKinds.ToolPermission), ("D", BlockerKinds.SelfHostedTool)],
            conclusion.Blockers.Select(static blocker => (blocker.BlockingEventId, blocker.Kind)));
        Assert.Equal(["sthr_2", null, "sthr_3", null], conclusion.Blockers.Select(static blocker => blocker.SessionThreadId));
        var first = conclusion.Blockers[0];
        Assert.Equal(("approve", """{"order":"A"}"""), (first.ToolName, first.InputJson));
        Assert.Equal(IdleTriage.InputHash("approve", """{"order":"A"}"""), first.InputHash);
        Assert.Equal(Triages.NeedsAnswer, conclusion.Triage);
    }

    [Fact]
    public void Conclude_OnlyPermissions_NeedsPermission() =>
        Assert.Equal(Triages.NeedsPermission, Conclude(Session("idle", 9), Tool("B", 1, "ask"), Idle("i", 2, "requires_action", "B")).Triage);

    [Fact]
    public void Conclude_PartlyAnswered_TriagesWhatIsLeft()
    {
        var conclusion = Conclude(
            Session("idle", 9), CustomTool("A", 1), Tool("B", 1, "ask"), Idle("i", 2, "requires_action", "A", "B"), CustomResult("u", 3, "A"));

        Assert.Equal(["B"], conclusion.Blockers.Select(static blocker => blocker.BlockingEventId));
        Assert.Equal(Triages.NeedsPermission, conclusion.Triage);
    }

    [Theory]
    [InlineData("user.custom_tool_result", "custom_tool_use_id")]
    [InlineData("user.tool_result", "tool_use_id")]
    [InlineData("user.tool_confirmation", "tool_use_id")]
    [InlineData("agent.tool_result", "tool_use_id")]
    [InlineData("agent.mcp_tool_result", "mcp_tool_use_id")]
    public void Conclude_AnyResultOfAToolUse_EndsItsWait(string type, string field)
    {
        var conclusion = Conclude(
            Session("idle", 9), CustomTool("A", 1), Idle("i", 2, "requires_action", "A"), Event("u", type, 3, $"\"{field}\":\"A\""));

        Assert.Empty(conclusion.Blockers);
        Assert.Equal(Triages.NeedsAnswer, conclusion.Triage);
    }

    [Fact]
    public void Conclude_AnsweredBeforeTheIdle_DoesNotWaitOnIt()
    {
        var conclusion = Conclude(
            Session("idle", 9), CustomTool("A", 1), CustomTool("B", 1), CustomResult("u", null, "A"), Idle("i", 2, "requires_action", "A", "B"));
        Assert.Equal(["B"], conclusion.Blockers.Select(static blocker => blocker.BlockingEventId));
    }

    [Fact]
    public void Conclude_SameIdListedTwice_IsOneBlocker() =>
        Assert.Single(Conclude(Session("idle", 9), CustomTool("A", 1), Idle("i", 2, "requires_action", "A", "A")).Blockers);

    [Fact]
    public void Conclude_ToolUseNeverSeen_StillBlocks()
    {
        var fold = Fold(Idle("i", 2, "requires_action", "A"));
        Assert.True(fold.HasUnexplainedRequirement);
        Assert.Equal("A", Assert.Single(IdleTriage.Conclude(Session("idle", 3), fold).Blockers).BlockingEventId);
    }

    [Fact]
    public void Conclude_GaveUp_ShowsTheNewestErrorWhateverTheOrder()
    {
        var blocker = Assert.Single(Conclude(
            Session("idle", 9), Error("e2", 3, "billing_error"), Idle("i", 4, "retries_exhausted"), Error("e1", 2, "unknown_error")).Blockers);
        Assert.Contains("billing_error", blocker.InputJson, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("running", "running", false)]
    [InlineData("idle", "running", true)]
    [InlineData("rescheduling", "running", true)]
    public void Conclude_RunningSinceTheIdle_RunsWhateverTheObjectSays(string objectStatus, string expected, bool contradicts)
    {
        var conclusion = Conclude(
            Session(objectStatus, 9), CustomTool("A", 1), Idle("i", 2, "requires_action", "A"), CustomResult("u", 2.5, "A"), Running("r", 3));
        Assert.Equal((expected, null, contradicts), (conclusion.Status, conclusion.Triage, conclusion.Contradicts));
        Assert.Empty(conclusion.Blockers);
    }

    [Theory]
    [InlineData("session.status_running", "running", 1)]
    [InlineData("session.status_rescheduled", "rescheduling", 1)]
    [InlineData("session.status_terminated", "terminated", 0)]
    [InlineData("session.status_resting", "resting", 0)]
    public void Conclude_OneThreadGoesOn_TheOtherStillWaits(string type, string status, int waiting)
    {
        var conclusion = Conclude(
            Session(status, 9),
            CustomTool("A", 1, "sthr_1"),
            CustomTool("B", 1, "sthr_2"),
            Idle("i", 2, "requires_action", "A", "B"),
            CustomResult("u", 3, "B"),
            Event("s", type, 4));

        Assert.Equal((status, (string?)null), (conclusion.Status, conclusion.Triage));
        Assert.Equal(Enumerable.Repeat("A", waiting), conclusion.Blockers.Select(static blocker => blocker.BlockingEventId));
        Assert.All(conclusion.Blockers, static blocker => Assert.Equal((Plans.At(2), "sthr_1"), (blocker.Since, blocker.SessionThreadId)));
    }

    [Theory]
    [InlineData("session.status_rescheduled", "rescheduling")]
    [InlineData("session.status_terminated", "terminated")]
    [InlineData("session.status_resting", "resting")]
    public void Conclude_OtherStatusEvents_AreTheStatus(string type, string expected) =>
        Assert.Equal(expected, Conclude(Session(expected, 9), Idle("i", 1, "end_turn"), Event("s", type, 2)).Status);

    [Theory]
    [InlineData("terminated", "")]
    [InlineData("idle", "\"archived_at\":\"2026-03-18T15:00:00Z\"")]
    public void Conclude_TerminatedOrArchivedObject_EndsEverything(string status, string more)
    {
        var session = Parse(Session(status, 9).GetRawText().Replace("\"archived_at\":null", more.Length > 0 ? more : "\"archived_at\":null", StringComparison.Ordinal));
        var conclusion = Conclude(session, CustomTool("A", 1), Idle("i", 2, "requires_action", "A"));
        Assert.Equal((ContextTransitions.Terminated, null, false), (conclusion.Status, conclusion.Triage, conclusion.Contradicts));
        Assert.Empty(conclusion.Blockers);
    }

    [Fact]
    public void Conclude_Interrupted_IsFinishedWithNothingOpen()
    {
        var conclusion = Conclude(
            Session("idle", 9),
            CustomTool("A", 1, "sthr_2"),
            Idle("i", 2, "requires_action", "A"),
            Event("x", "user.interrupt", 3),
            ToolResult("t", 3.1, "A"),
            Idle("j", 4, "end_turn"));
        Assert.Equal(Triages.Finished, conclusion.Triage);
        Assert.Empty(conclusion.Blockers);
    }

    private static SessionFold Fold(params JsonElement[] events)
    {
        var fold = new SessionFold();
        foreach (var element in events)
        {
            SessionFolding.Add(fold, element);
        }

        return SessionFold.Parse(fold.ToJson()); // As it comes back from a store.
    }

    private static IdleTriage.Conclusion Conclude(JsonElement session, params JsonElement[] events) => IdleTriage.Conclude(session, Fold(events));
}
