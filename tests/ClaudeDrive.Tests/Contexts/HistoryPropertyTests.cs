using System.Text;
using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Tests.Fakes.Stories;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Contexts;

/// <summary>
/// Invariant 3 and the review items over 10,000 random histories: webhooks in any order, twice, late and lost, looks at random moments that see an API which
/// is behind or fails, ties of its clock. A failure is shrunk and prints its seed, to be given again as <c>CsCheck_Seed</c>.
/// </summary>
public sealed class HistoryPropertyTests
{
    private const int Histories = 10_000;

    private static readonly Gen<(StoryStep[] Steps, Delivery[] Deliveries, Pass[] Passes)> Cases =
        Gen.Select(StoryStep.Lists(14), Delivery.Lists, Pass.Lists);

    [Fact]
    public async Task Look_AnyHistoryAndDelivery_NeverMovesBackAndEndsAsTheTruth()
    {
        var (looks, items) = (0, 0L);
        await Cases.SampleAsync(
            async story =>
            {
                var truth = StoryWriter.Write(story.Steps);
                await using var run = new StoryRun(truth, story.Deliveries);
                var checks = new StoryChecks(truth, run);
                for (var number = 0; run.Now <= run.Last; number++)
                {
                    await run.PassAsync(story.Passes[number % story.Passes.Length]);
                    await checks.AfterPassAsync();
                }

                await run.SettleAsync();
                await checks.AfterPassAsync();
                await checks.AtEndAsync();
                Interlocked.Add(ref looks, run.Looks);
                Interlocked.Add(ref items, (await run.Store.CountReviewsAsync(Sight.Everything, TestContext.Current.CancellationToken)).Values.Sum());
            },
            writeLine: WriteLine,
            iter: Histories,
            print: Print);
        WriteLine($"{looks} looks, {items} review items");
        Assert.True(looks > 3 * Histories && items > Histories / 2, "too little came of it for the test to mean anything");
    }

    [Fact]
    public async Task Look_SameLooksOtherDeliveries_HeadIsTheSameAfterEach() => await Gen.Select(Cases, Delivery.Lists).SampleAsync(
        async pair =>
        {
            var ((steps, deliveries, passes), others) = pair;
            var story = StoryWriter.Write(steps);
            await using var one = new StoryRun(story, deliveries);
            await using var other = new StoryRun(story, others);
            for (var number = 0; one.Now <= Math.Max(one.Last, other.Last); number++)
            {
                var pass = passes[number % passes.Length];
                pass = pass with { After = pass.After + 1_000 }; // Every pass reads: not more than the budget allows.
                await one.PassAsync(pass, isForced: true);
                await other.PassAsync(pass, isForced: true);

                // Of a deletion nothing but its webhook tells for sure: until both know it, one of them shows the session as gone, or as it was.
                if (story.DeletedAt is null)
                {
                    Assert.Equal(Seen(await one.HeadAsync()), Seen(await other.HeadAsync()));
                }
            }

            await one.SettleAsync();
            await other.SettleAsync();
            var (end, otherEnd) = (await one.HeadAsync(), await other.HeadAsync());
            Assert.Equal(end!.Blockers, otherEnd!.Blockers);
            Assert.True(end.Status == otherEnd.Status || story.DeletedAt is not null, $"{end.Status} and {otherEnd.Status}");
        },
        writeLine: WriteLine,
        iter: Histories / 4,
        print: static pair => $"{Print(pair.Item1)} | {string.Join(", ", pair.Item2)}");

    private static string Seen(ContextHead? head) => head is null
        ? "nothing"
        : $"{head.Revision} {head.Status} {head.Triage} {head.StopReason} {head.AsOf:O} {head.EventCursor:O} {head.SnapshotHash} {Encoding.UTF8.GetString(head.Object.Span)}";

    private static void WriteLine(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private static string Print((StoryStep[] Steps, Delivery[] Deliveries, Pass[] Passes) story) =>
        $"{string.Join(", ", story.Steps)} | {string.Join(", ", story.Deliveries)} | {string.Join(", ", story.Passes)}";
}
