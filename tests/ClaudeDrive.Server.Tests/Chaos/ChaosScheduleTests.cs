using ClaudeDrive.Chaos.Links;
using ClaudeDrive.Chaos.Schedules;
using Xunit;

namespace ClaudeDrive.Server.Tests.Chaos;

/// <summary>Which faults a seed gives.</summary>
public sealed class ChaosScheduleTests
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    [Fact]
    public void Draw_SameInput_SameSchedule()
    {
        Assert.Equal(ChaosSchedule.Draw(Input(7)), ChaosSchedule.Draw(Input(7)));
        Assert.NotEqual(ChaosSchedule.Draw(Input(7)), ChaosSchedule.Draw(Input(8)));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(300)]
    public void Draw_AnySeed_EveryFaultBeginsAndEndsWithinTheRun(int seconds)
    {
        foreach (var action in Seeds().SelectMany(seed => ChaosSchedule.Draw(Input(seed) with { Length = TimeSpan.FromSeconds(seconds) })))
        {
            Assert.True(action.At >= TimeSpan.Zero && action.For > TimeSpan.Zero && action.End <= TimeSpan.FromSeconds(seconds), action.ToString());
        }
    }

    [Fact]
    public void Draw_ShortRun_EveryKindHitsEveryNode()
    {
        foreach (var seed in Seeds())
        {
            var schedule = ChaosSchedule.Draw(Input(seed) with { Length = TimeSpan.FromSeconds(20) });
            var expected = Lane.All(3, hasDatabase: true).Select(static lane => (lane.Kind, lane.Node, lane.Fault)).Order();
            Assert.Equal(expected, schedule.Select(static action => (action.Kind, action.Node, action.Fault)).Distinct().Order());
        }
    }

    [Fact]
    public void Draw_OneLane_FaultsNeverOverlap()
    {
        foreach (var lane in Seeds().SelectMany(seed => ChaosSchedule.Draw(Input(seed)).GroupBy(action => (seed, action.Kind, action.Node, action.Fault))))
        {
            Assert.All(lane.Zip(lane.Skip(1)), static pair => Assert.True(pair.First.End < pair.Second.At, $"{pair.First}\n{pair.Second}"));
        }
    }

    [Fact]
    public void Draw_LongRun_LeavesTheLastThirdWithoutKills()
    {
        var last = Seeds().SelectMany(static seed => ChaosSchedule.Draw(Input(seed))).Where(static action => action.Kind == ActionKind.Kill).Max(static action => action.End);

        Assert.True(last <= FiveMinutes * 2 / 3, $"{last}");
    }

    [Fact]
    public void Draw_FiveMinutes_PausesOutlastALeaseAndEveryModeOfALinkIsThere()
    {
        foreach (var seed in Seeds())
        {
            var schedule = ChaosSchedule.Draw(Input(seed));
            Assert.All(schedule.Where(static action => action.Kind == ActionKind.Pause), static action => Assert.True(action.For >= TimeSpan.FromSeconds(5)));
            Assert.Equal(
                [LinkMode.Cut, LinkMode.BlackHole, LinkMode.LoseAnswers, LinkMode.Latency],
                schedule.Where(static action => action.Kind is ActionKind.ApiLink or ActionKind.DatabaseLink).Select(static action => action.Mode).Distinct().Order());
        }
    }

    [Fact]
    public void Draw_WithoutAKind_ItIsNotThereAndTheOthersStay()
    {
        var all = ChaosSchedule.Draw(Input(3));
        var some = ChaosSchedule.Draw(Input(3) with { Without = [ActionKind.DiskFull] });

        Assert.Equal(all.Where(static action => action.Kind != ActionKind.DiskFull), some);
    }

    [Fact]
    public void Draw_NoDatabase_NothingIsDoneToIt()
    {
        Assert.DoesNotContain(
            ChaosSchedule.Draw(Input(3) with { HasDatabase = false, Nodes = 1 }),
            static action => action.Kind is ActionKind.DatabaseFast or ActionKind.DatabaseImmediate or ActionKind.DatabaseLink || action.Node > 1);
    }

    private static IEnumerable<int> Seeds() => [0, 1, -1, int.MaxValue, int.MinValue, .. Enumerable.Range(100, 40)];

    private static ScheduleInput Input(int seed) => new(seed, FiveMinutes, 3, HasDatabase: true, []);
}
