using System.Text;
using System.Text.Json;
using ClaudeDrive.Conformance;
using ClaudeDrive.Contexts;
using Xunit;

namespace ClaudeDrive.Tests.Contexts;

/// <summary>What is left of a revision whose content was dropped can still be handled and followed.</summary>
public sealed class DroppedContentTests
{
    [Fact]
    public void ContextChanged_OfADroppedRevision_TellsWhatStayed()
    {
        var change = new ContextChanged(Dropped());
        Assert.Equal(("deleted", 1, "webhook", "[]"), (change.Status, change.Revision, change.Cause, change.PatchJson));
        Assert.Empty(change.Blockers);
        Assert.Equal(JsonValueKind.Null, change.Fetched.ValueKind);
        Assert.Null(change.FetchedAs<object>());
    }

    [Fact]
    public void Verify_DroppedRevision_FollowsTheLinkOnly()
    {
        var dropped = Dropped();
        Assert.True(RevisionHash.Verify(dropped, dropped.PreviousHash));
        Assert.False(RevisionHash.Verify(dropped, new string('1', 64)));
        Assert.False(RevisionHash.Verify(dropped with { PatchJson = "[{}]" }, dropped.PreviousHash));
        Assert.False(RevisionHash.Verify(dropped with { Snapshot = Encoding.UTF8.GetBytes("""{"content_dropped":true}""") }, dropped.PreviousHash));
    }

    private static ContextRevision Dropped() =>
        Given.Change("sesn_1", null, "deleted").Revision! with { Snapshot = DroppedContent.Snapshot, PatchJson = DroppedContent.Patch };
}
