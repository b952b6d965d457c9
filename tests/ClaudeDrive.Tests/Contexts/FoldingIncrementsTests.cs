using System.Text.Json;
using ClaudeDrive.Contexts;
using ClaudeDrive.Tests.Fakes;
using ClaudeDrive.Tests.Fakes.Stories;
using CsCheck;
using Xunit;
using static ClaudeDrive.Tests.Fakes.Events;
using static ClaudeDrive.Tests.Fakes.Plans;

namespace ClaudeDrive.Tests.Contexts;

/// <summary>
/// Long histories, seen at random moments with events becoming visible late, come to what one look at the end comes to. A failure is shrunk and prints its
/// seed.
/// </summary>
public sealed class FoldingIncrementsTests
{
    private static readonly Gen<(StoryStep[] Steps, int[] Gaps)> Cases = Gen.Select(StoryStep.Lists(40), Gen.Int[1, 15_000].Array[1, 12]);

    [Fact]
    public void PlanSession_ArbitraryIncrements_ConcludeAsOneLookAtTheEnd() => Cases.Sample(
        static run =>
        {
            var story = StoryWriter.Write(run.Steps);
            var session = Session(story.Status, Story.Seconds(story.End));

            var whole = ContextPlanner.PlanSession(
                null, Fetched(session, true, story.EventsAt(story.End, DateTimeOffset.MinValue)), NothingKnown, Lease(), At(1000)).Head;

            Assert.Equal(Conclusion(whole), Conclusion(Grow(story, session, run.Gaps)));
        },
        writeLine: static line => TestContext.Current.TestOutputHelper?.WriteLine(line),
        iter: 2_000,
        print: static run => $"{string.Join(", ", run.Steps)} | {string.Join(", ", run.Gaps)}");

    private static ContextHead Grow(Story story, JsonElement session, int[] gaps)
    {
        ContextHead? head = null;
        Dictionary<string, DateTimeOffset?> stored = [];
        var now = 0L;
        for (var number = 0; ; number++)
        {
            now = Math.Min(now + gaps[number % gaps.Length], story.End);
            var look = Look(head, story, session, stored, now, isWhole: head?.EventCursor is null);
            if (head?.EventCursor is not null && SessionFold.Parse(look.Head.FoldJson).HasUnexplainedRequirement)
            {
                look = Look(head, story, session, stored, now, isWhole: true);
            }

            head = look.Head;
            foreach (var record in look.SessionEvents)
            {
                stored[record.EventId] = record.ProcessedAt;
            }

            if (now >= story.End)
            {
                return head;
            }
        }
    }

    private static ContextChange Look(
        ContextHead? head, Story story, JsonElement session, Dictionary<string, DateTimeOffset?> stored, long now, bool isWhole)
    {
        var since = isWhole ? DateTimeOffset.MinValue : head!.EventCursor!.Value - ResourceFetcher.Overlap;
        var known = stored.Where(pair => isWhole || pair.Value is null || pair.Value >= since).ToDictionary();
        return ContextPlanner.PlanSession(head, Fetched(session, isWhole, story.EventsAt(now, since)), known, Lease(), At(1000));
    }

    private static string Conclusion(ContextHead head)
    {
        var fold = SessionFold.Parse(head.FoldJson);
        var blockers = head.Blockers.Select(static blocker => $"{blocker.BlockingEventId} {blocker.Kind} {blocker.InputHash} {blocker.SessionThreadId}");
        return $"{head.Status} {head.Triage} {head.StopReason} [{string.Join(", ", blockers)}] {fold.Events} {fold.LastEventId} {fold.LastAt:O} {head.AsOf:O}";
    }
}
