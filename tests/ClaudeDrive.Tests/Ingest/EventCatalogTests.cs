using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Tests.Ingest;

public sealed class EventCatalogTests
{
    [Fact]
    public void Standard_HasAll49TypesOnce()
    {
        Assert.Equal(49, EventCatalog.Standard.Count);
        Assert.Equal(52, EventCatalog.Standard.Concat(EventCatalog.GuideOnly).Select(r => r.EventType).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Deletions_AreThoseThatEndInDeleted() =>
        Assert.All(
            EventCatalog.Standard, rule => Assert.Equal(rule.EventType.EndsWith(".deleted", StringComparison.Ordinal), rule.IsDeletion));

    [Fact]
    public void Waiting_AreIdlesPausesAndPendingTools() =>
        Assert.Equal(
            [
                "session.budget_reached", "session.idled", "session.requires_action", "session.status_idled", "session.thread_idled",
                "tool.result_pending",
            ],
            EventCatalog.Standard.Concat(EventCatalog.GuideOnly).Where(r => r.Lane == WorkLane.Waiting).Select(r => r.EventType)
                .Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("session.status_idled", nameof(FollowUp.Triage))]
    [InlineData("session.requires_action", nameof(FollowUp.Triage))]
    [InlineData("session.status_completed", nameof(FollowUp.Finish))]
    [InlineData("session.status_error", nameof(FollowUp.Alert))]
    [InlineData("session.status_rescheduled", nameof(FollowUp.Alert))]
    [InlineData("session.status_terminated", nameof(FollowUp.Alert))]
    [InlineData("tool.result_pending", nameof(FollowUp.Tool))]
    [InlineData("agent.deleted", nameof(FollowUp.Final))]
    [InlineData("session.updated", nameof(FollowUp.Refresh))]
    [InlineData("session.never_heard_of", nameof(FollowUp.Refresh))]
    [InlineData("agent.version.deleted", nameof(FollowUp.Final))]
    public void Find_Type_SaysWhatToDo(string type, string expected) =>
        Assert.Equal(expected, EventCatalog.Find(type)?.FollowUp.ToString());

    [Theory]
    [InlineData("widget.polished")]
    [InlineData("widget.deleted")]
    [InlineData("session")]
    [InlineData("Session.updated")]
    [InlineData("sessions.updated")]
    [InlineData("unparsed")]
    [InlineData("")]
    public void Find_UnknownPrefix_IsNull(string type) => Assert.Null(EventCatalog.Find(type));

    [Fact]
    public void Intern_KnownType_GivesTheSharedText()
    {
        Assert.Same(EventCatalog.Find("agent.created")!.EventType, EventCatalog.Intern("agent.created"));
        Assert.Null(EventCatalog.Intern("agent."));
    }
}
