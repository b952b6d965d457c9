using ClaudeDrive.Chaos.Judging;
using ClaudeDrive.Chaos.Nodes;
using Xunit;

namespace ClaudeDrive.Server.Tests.Chaos;

/// <summary>When memory is said to grow. That growth is noticed, <see cref="VerdictTests"/> shows.</summary>
public sealed class MemoryBoundTests
{
    [Fact]
    public void Find_GrowthWhileWarmingUp_IsNone()
    {
        var samples = Life(1, 120, static second => Math.Min(second, 15) * 20_000_000L);

        Assert.Empty(MemoryBound.Find(samples));
        Assert.Equal(TimeSpan.FromSeconds(120), MemoryBound.LongestJudged(samples));
    }

    [Fact]
    public void Find_SawTooth_IsNone()
    {
        Assert.Empty(MemoryBound.Find(Life(1, 300, static second => 30_000_000 + (second % 20 * 5_000_000L))));
    }

    [Fact]
    public void Find_EachLifeStartsSmall_LivesAreNotMixed()
    {
        MemorySample[] samples = [.. Life(1, 90, static _ => 20_000_000), .. Life(2, 90, static _ => 400_000_000)];

        Assert.Empty(MemoryBound.Find(samples));
    }

    [Fact]
    public void LongestJudged_OnlyShortLives_Null()
    {
        Assert.Null(MemoryBound.LongestJudged([.. Life(1, 40, static second => second * 20_000_000L), .. Life(2, 40, static _ => 1)]));
    }

    private static MemorySample[] Life(int number, int seconds, Func<int, long> heap) =>
        [.. Enumerable.Range(1, seconds).Select(second => new MemorySample(1, number, TimeSpan.FromSeconds(second), 300_000_000, heap(second)))];
}
