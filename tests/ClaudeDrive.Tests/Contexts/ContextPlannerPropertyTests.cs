using System.Text.Json;
using System.Text.Json.Nodes;
using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;
using ClaudeDrive.Tests.Fakes;
using Xunit;
using static ClaudeDrive.Tests.Fakes.Events;
using static ClaudeDrive.Tests.Fakes.Plans;

namespace ClaudeDrive.Tests.Contexts;

/// <summary>Invariant 3 under fetches that see any earlier state in any order, tombstones between them.</summary>
public sealed class ContextPlannerPropertyTests
{
    private static readonly ResourceKey Agent = new("agent", "agent_1");

    [Fact]
    public void Plan_RandomInterleavings_ChainNeverBreaksAndNeverMovesBack()
    {
        var revisions = 0;
        for (var seed = 1; seed <= 10_000; seed++)
        {
            revisions += Run(seed);
        }

        Assert.True(revisions > 30_000, $"Only {revisions} revisions came of it.");
    }

    private static int Run(int seed)
    {
        var random = new Random(seed);
        var isSession = random.Next(3) > 0;
        var history = RandomHistory.Create(random, random.Next(1, 4));
        ContextHead? head = null;
        ContextRevision? previous = null;
        Dictionary<string, DateTimeOffset?> stored = [];
        var count = 0;
        for (var look = 0; look < 8; look++)
        {
            var seen = random.NextDouble() * history.End; // A replica that is behind shows any earlier moment.
            var change = (random.Next(12), isSession) switch
            {
                (0, _) => ContextPlanner.PlanTombstone(head, ContextTransitions.Gone, "req_9", Lease(isSession ? Plans.Session : Agent), At(seen)),
                (1, _) when look > 4 => ContextPlanner.PlanTombstone(
                    head, ContextTransitions.Deleted, null, Lease(isSession ? Plans.Session : Agent, Webhook($"w{look}", seen, isDeletion: true)), At(seen)),
                (_, true) => OfSession(head, history, stored, seen, random),
                _ => OfAgent(head, seen, random),
            };
            foreach (var record in change.SessionEvents)
            {
                stored[record.EventId] = record.ProcessedAt;
            }

            Check(seed, head, previous, change);
            head = change.Revision is null && head is null ? null : change.Head;
            previous = change.Revision ?? previous;
            count += change.Revision is null ? 0 : 1;
        }

        return count;
    }

    private static void Check(int seed, ContextHead? head, ContextRevision? previous, ContextChange change)
    {
        Assert.Equal((seed, head?.Revision ?? 0), (seed, change.BaseRevision));
        Assert.True(head is null || change.Head.AsOf >= head.AsOf, $"seed {seed}: as of moved back");
        Assert.True(head is null || UpdatedAt(change.Head) >= UpdatedAt(head) || head.Object.IsEmpty, $"seed {seed}: the object moved back");
        Assert.True(head?.Status != ContextTransitions.Deleted || change.Revision is null, $"seed {seed}: deleted is not final");
        if (change.Revision is not { } revision)
        {
            Assert.Equal((seed, head?.RevisionHash ?? change.Head.RevisionHash), (seed, change.Head.RevisionHash));
            return;
        }

        Assert.Equal((seed, change.BaseRevision + 1), (seed, revision.Number));
        Assert.Equal((change.Head.Revision, change.Head.RevisionHash), (revision.Number, revision.Hash));
        Assert.True(RevisionHash.Verify(revision, previous?.Hash ?? RevisionHash.Genesis), $"seed {seed}: the chain broke");
        Assert.True(ContextTransitions.IsLegal(revision.Resource, previous?.Status, revision.Status), $"seed {seed}: impossible transition");
        if (previous is not null)
        {
            Assert.True(revision.AsOf >= previous.AsOf, $"seed {seed}: a revision is as of before the last");
            Assert.True(
                JsonNode.DeepEquals(JsonPatch.Apply(previous.Snapshot, revision.PatchJson), JsonNode.Parse(revision.Snapshot.Span)),
                $"seed {seed}: the patch does not lead from one snapshot to the next");
        }
    }

    private static ContextChange OfSession(
        ContextHead? head, RandomHistory history, Dictionary<string, DateTimeOffset?> stored, double seen, Random random)
    {
        string[] statuses = ["idle", "running", "rescheduling", random.Next(10) == 0 ? "terminated" : "idle"];
        var session = Session(statuses[random.Next(4)], Math.Floor(seen));
        var lag = random.Next(3) == 0 ? random.NextDouble() * 5 : 0; // The list may be behind or ahead of the object.
        return ContextPlanner.PlanSession(
            head, Fetched(session, head is null, history.Visible(seen + lag, DateTimeOffset.MinValue)), stored, Lease(Webhook("w", seen)), At(seen));
    }

    private static ContextChange OfAgent(ContextHead? head, double seen, Random random)
    {
        var archived = random.Next(6) == 0 ? $"\"{Instant(seen)}\"" : "null";
        var json = Parse(
            $$"""{"id":"agent_1","version":{{(int)seen}},"tools":[{{string.Join(',', Enumerable.Range(0, (int)seen % 5))}}],"archived_at":{{archived}},"updated_at":"{{Instant(Math.Floor(seen))}}"}""");
        return ContextPlanner.PlanResource(head, Fetched(Agent, json), Lease(Agent, Webhook("w", seen)), At(seen));
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
}
