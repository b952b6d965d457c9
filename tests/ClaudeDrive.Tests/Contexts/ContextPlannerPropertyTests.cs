using System.Text.Json;
using System.Text.Json.Nodes;
using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;
using ClaudeDrive.Tests.Fakes;
using ClaudeDrive.Tests.Fakes.Stories;
using CsCheck;
using Xunit;
using static ClaudeDrive.Tests.Fakes.Events;
using static ClaudeDrive.Tests.Fakes.Plans;

namespace ClaudeDrive.Tests.Contexts;

/// <summary>
/// Invariant 3 under fetches that see any earlier state in any order, tombstones between them: harder than any API is, since object and list contradict
/// each other at will. A failure is shrunk and prints its seed.
/// </summary>
public sealed class ContextPlannerPropertyTests
{
    private const int Interleavings = 10_000;

    private static readonly ResourceKey Agent = new("agent", "agent_1");

    private static readonly Gen<(bool IsSession, StoryStep[] Steps, Look[] Looks)> Cases = Gen.Select(
        Gen.Frequency((1, false), (2, true)), StoryStep.Lists(6), Look.Gens.Array[1, 10]);

    [Fact]
    public void Plan_RandomInterleavings_ChainNeverBreaksAndNeverMovesBack()
    {
        var revisions = 0;
        Cases.Sample(
            run =>
            {
                Interlocked.Add(ref revisions, Run(run.IsSession, StoryWriter.Write(run.Steps), run.Looks));
            },
            writeLine: static line => TestContext.Current.TestOutputHelper?.WriteLine(line),
            iter: Interleavings,
            print: static run => $"session {run.IsSession}: {string.Join(", ", run.Steps)} | {string.Join(", ", run.Looks)}");

        Assert.True(revisions > 2 * Interleavings, $"Only {revisions} revisions came of it.");
    }

    private static int Run(bool isSession, Story story, IReadOnlyList<Look> looks)
    {
        ContextHead? head = null;
        ContextRevision? previous = null;
        Dictionary<string, DateTimeOffset?> stored = [];
        var resource = isSession ? Plans.Session : Agent;
        var count = 0;
        for (var number = 0; number < looks.Count; number++)
        {
            var look = looks[number];
            var seen = look.Part * (story.End + 20_000) / 1000; // A copy that is behind shows any earlier moment.
            var at = Story.Instant(seen);
            var change = (look.Kind, isSession) switch
            {
                (0, _) => ContextPlanner.PlanTombstone(head, ContextTransitions.Gone, "req_9", Lease(resource), at),
                (1, _) when number > 4 => ContextPlanner.PlanTombstone(
                    head, ContextTransitions.Deleted, null, Lease(resource, Webhook($"w{number}", Story.Seconds(seen), isDeletion: true)), at),
                (_, true) => OfSession(head, story, stored, seen, look),
                _ => OfAgent(head, seen, look),
            };
            foreach (var record in change.SessionEvents)
            {
                stored[record.EventId] = record.ProcessedAt;
            }

            Check(head, previous, change);
            head = change.Revision is null && head is null ? null : change.Head;
            previous = change.Revision ?? previous;
            count += change.Revision is null ? 0 : 1;
        }

        return count;
    }

    private static void Check(ContextHead? head, ContextRevision? previous, ContextChange change)
    {
        Assert.Equal(head?.Revision ?? 0, change.BaseRevision);
        Assert.True(head is null || change.Head.AsOf >= head.AsOf, "as of moved back");
        Assert.True(head is null || UpdatedAt(change.Head) >= UpdatedAt(head) || head.Object.IsEmpty, "the object moved back");
        Assert.True(head?.Status != ContextTransitions.Deleted || change.Revision is null, "deleted is not final");
        if (change.Revision is not { } revision)
        {
            Assert.Equal(head?.RevisionHash ?? change.Head.RevisionHash, change.Head.RevisionHash);
            return;
        }

        Assert.Equal(change.BaseRevision + 1, revision.Number);
        Assert.Equal((change.Head.Revision, change.Head.RevisionHash), (revision.Number, revision.Hash));
        Assert.True(RevisionHash.Verify(revision, previous?.Hash ?? RevisionHash.Genesis), "the chain broke");
        Assert.True(ContextTransitions.IsLegal(revision.Resource, previous?.Status, revision.Status), "impossible transition");
        if (previous is not null)
        {
            Assert.True(revision.AsOf >= previous.AsOf, "a revision is as of before the last");
            Assert.True(
                JsonNode.DeepEquals(JsonPatch.Apply(previous.Snapshot, revision.PatchJson), JsonNode.Parse(revision.Snapshot.Span)),
                "the patch does not lead from one snapshot to the next");
        }
    }

    private static ContextChange OfSession(ContextHead? head, Story story, Dictionary<string, DateTimeOffset?> stored, long seen, Look look)
    {
        string[] statuses = ["idle", "running", "rescheduling", look.Choice % 10 == 0 ? "terminated" : "idle"];
        var session = Session(statuses[look.Choice % 4], seen / 1000);
        var events = story.EventsAt(seen + look.Ahead, DateTimeOffset.MinValue); // The list may be behind or ahead of the object.
        return ContextPlanner.PlanSession(
            head, Fetched(session, head is null || look.IsWhole, events), stored, Lease(Webhook("w", Story.Seconds(seen))), Story.Instant(seen));
    }

    private static ContextChange OfAgent(ContextHead? head, long seen, Look look)
    {
        var archived = look.Choice % 6 == 0 ? $"\"{Instant(Story.Seconds(seen))}\"" : "null";
        var version = seen / 1000;
        var json = Parse(
            $$"""{"id":"agent_1","version":{{version}},"tools":[{{string.Join(',', Enumerable.Range(0, (int)version % 5))}}],"archived_at":{{archived}},"updated_at":"{{Instant(version)}}"}""");
        return ContextPlanner.PlanResource(head, Fetched(Agent, json), Lease(Agent, Webhook("w", Story.Seconds(seen))), Story.Instant(seen));
    }

    private static DateTimeOffset? UpdatedAt(ContextHead head)
    {
        if (head.Object.IsEmpty)
        {
            return null;
        }

        using var document = JsonDocument.Parse(head.Object);
        return SessionEventReader.Instant(document.RootElement, "updated_at");
    }

    /// <summary>One fetch: what kind, which moment it sees (in thousandths of the story), how far the list is ahead of the object in milliseconds.</summary>
    private readonly record struct Look(int Kind, long Part, int Ahead, bool IsWhole, int Choice)
    {
        public static Gen<Look> Gens { get; } = Gen.Select(
            Gen.Int[0, 11], Gen.Long[0, 1000], Gen.Int[-5_000, 5_000], Gen.Frequency((5, false), (1, true)), Gen.Int[0, 99],
            static (kind, part, ahead, isWhole, choice) => new Look(kind, part, ahead, isWhole, choice));
    }
}
