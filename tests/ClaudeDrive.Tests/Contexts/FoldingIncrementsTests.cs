using System.Text.Json;
using ClaudeDrive.Contexts;
using ClaudeDrive.Tests.Fakes;
using Xunit;
using static ClaudeDrive.Tests.Fakes.Events;
using static ClaudeDrive.Tests.Fakes.Plans;

namespace ClaudeDrive.Tests.Contexts;

/// <summary>Random histories, seen at random moments with events becoming visible late, come to what one look at the end comes to.</summary>
public sealed class FoldingIncrementsTests
{
    [Fact]
    public void PlanSession_ArbitraryIncrements_ConcludeAsOneLookAtTheEnd()
    {
        for (var seed = 1; seed <= 1_000; seed++)
        {
            var random = new Random(seed);
            var history = RandomHistory.Create(random, random.Next(3, 40));
            var session = Session(history.Status, history.End);

            var whole = ContextPlanner.PlanSession(null, Fetched(session, true, history.Visible(history.End, DateTimeOffset.MinValue)), NothingKnown, Lease(), At(1000)).Head;
            var grown = Grow(history, session, random);

            Assert.Equal(Conclusion(seed, whole), Conclusion(seed, grown));
        }
    }

    private static ContextHead Grow(RandomHistory history, JsonElement session, Random random)
    {
        ContextHead? head = null;
        Dictionary<string, DateTimeOffset?> stored = [];
        for (var now = random.NextDouble() * 5; ; now += random.NextDouble() * 15)
        {
            now = Math.Min(now, history.End);
            var look = Look(head, history, session, stored, now, isWhole: head?.EventCursor is null);
            if (head?.EventCursor is not null && SessionFold.Parse(look.Head.FoldJson).HasUnexplainedRequirement)
            {
                look = Look(head, history, session, stored, now, isWhole: true);
            }

            head = look.Head;
            foreach (var record in look.SessionEvents)
            {
                stored[record.EventId] = record.ProcessedAt;
            }

            if (now >= history.End)
            {
                return head;
            }
        }
    }

    private static ContextChange Look(
        ContextHead? head, RandomHistory history, JsonElement session, Dictionary<string, DateTimeOffset?> stored, double now, bool isWhole)
    {
        var since = isWhole ? DateTimeOffset.MinValue : head!.EventCursor!.Value - ResourceFetcher.Overlap;
        var known = stored.Where(pair => isWhole || pair.Value is null || pair.Value >= since).ToDictionary();
        return ContextPlanner.PlanSession(head, Fetched(session, isWhole, history.Visible(now, since)), known, Lease(), At(1000));
    }

    private static string Conclusion(int seed, ContextHead head)
    {
        var fold = SessionFold.Parse(head.FoldJson);
        var blockers = head.Blockers.Select(static blocker => $"{blocker.BlockingEventId} {blocker.Kind} {blocker.InputHash} {blocker.SessionThreadId}");
        return $"seed {seed}: {head.Status} {head.Triage} {head.StopReason} [{string.Join(", ", blockers)}] {fold.Events} {fold.LastEventId} {fold.LastAt:O} {head.AsOf:O}";
    }
}
