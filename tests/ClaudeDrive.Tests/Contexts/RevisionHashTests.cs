using System.Text;
using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;
using ClaudeDrive.Tests.Fakes;
using Xunit;

namespace ClaudeDrive.Tests.Contexts;

public sealed class RevisionHashTests
{
    private static readonly ContextRevision Revision = Hashed(new ContextRevision
    {
        Seq = 7,
        Resource = ResourceKey.Session("sesn_1"),
        Number = 2,
        Cause = "webhook",
        EventIds = ["wevt_1", "wevt_2"],
        RequestIds = ["req_1", "req_2"],
        AsOf = Make.Start,
        FetchedAt = Make.Start.AddSeconds(1),
        RecordedAt = Make.Start.AddSeconds(2),
        Status = "idle",
        Triage = "finished",
        Snapshot = Encoding.UTF8.GetBytes("{}"),
        PatchJson = "[]",
        SnapshotHash = RevisionHash.OfBytes("{}"u8),
        PreviousHash = new string('a', 64),
        Hash = "",
    });

    public static TheoryData<string> Fields => [.. Changes.Keys];

    private static Dictionary<string, Func<ContextRevision, ContextRevision>> Changes { get; } = new()
    {
        ["type"] = static r => r with { Resource = new ResourceKey("agent", "sesn_1") },
        ["id"] = static r => r with { Resource = ResourceKey.Session("sesn_2") },
        ["type and id moved"] = static r => r with { Resource = new ResourceKey("sessions", "esn_1") },
        ["number"] = static r => r with { Number = 3 },
        ["cause"] = static r => r with { Cause = "inferred" },
        ["event ids"] = static r => r with { EventIds = ["wevt_1"] },
        ["event ids joined"] = static r => r with { EventIds = ["wevt_1\nwevt_2"] },
        ["event ids in another order"] = static r => r with { EventIds = ["wevt_2", "wevt_1"] },
        ["request ids"] = static r => r with { RequestIds = ["req_1", "req_3"] },
        ["ids moved between lists"] = static r => r with { EventIds = ["wevt_1", "wevt_2", "req_1"], RequestIds = ["req_2"] },
        ["no ids"] = static r => r with { EventIds = [] },
        ["one empty id"] = static r => r with { EventIds = [""] },
        ["as of"] = static r => r with { AsOf = r.AsOf.AddMicroseconds(1) },
        ["fetched at"] = static r => r with { FetchedAt = r.FetchedAt.AddMicroseconds(1) },
        ["recorded at"] = static r => r with { RecordedAt = r.RecordedAt.AddMicroseconds(1) },
        ["status"] = static r => r with { Status = "running" },
        ["triage"] = static r => r with { Triage = "refused" },
        ["no triage"] = static r => r with { Triage = null },
        ["empty triage"] = static r => r with { Triage = "" },
        ["patch"] = static r => r with { PatchJson = "[1]" },
        ["snapshot hash"] = static r => r with { SnapshotHash = new string('b', 64) },
        ["previous hash"] = static r => r with { PreviousHash = new string('c', 64) },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void Of_ChangedField_ChangesTheHash(string field)
    {
        var changed = Changes[field](Revision);
        Assert.NotEqual(Revision.Hash, RevisionHash.Of(changed));
        Assert.False(RevisionHash.Verify(changed, changed.PreviousHash));
    }

    [Fact]
    public void Of_AllChanges_AreAllDifferent() =>
        Assert.Distinct(Changes.Values.Select(static change => RevisionHash.Of(change(Revision))));

    [Fact]
    public void Of_PositionAndZone_DoNotCount()
    {
        Assert.Equal(Revision.Hash, RevisionHash.Of(Revision with { Seq = 99, Hash = "x" }));
        Assert.Equal(Revision.Hash, RevisionHash.Of(Revision with { AsOf = Revision.AsOf.ToOffset(TimeSpan.FromHours(9)) }));
    }

    [Fact]
    public void Verify_SnapshotOrOrderForged_IsFalse()
    {
        Assert.True(RevisionHash.Verify(Revision, Revision.PreviousHash));
        Assert.False(RevisionHash.Verify(Revision, RevisionHash.Genesis));
        Assert.False(RevisionHash.Verify(Revision with { Snapshot = Encoding.UTF8.GetBytes("{ }") }, Revision.PreviousHash));
    }

    private static ContextRevision Hashed(ContextRevision revision) => revision with { Hash = RevisionHash.Of(revision) };
}
