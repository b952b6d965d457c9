using ClaudeDrive.Hydration;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Hydration;

public sealed class RetryScheduleTests
{
    private static readonly TimeSpan Base = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(2, 2, 4)]
    [InlineData(3, 4, 8)]
    [InlineData(8, 128, 256)]
    [InlineData(9, 150, 300)]
    [InlineData(int.MaxValue, 150, 300)]
    public void Delay_Attempt_LiesBetweenHalfAndWholeStep(int attempt, double least, double most)
    {
        Assert.Equal(TimeSpan.FromSeconds(least), RetrySchedule.Delay(attempt, Base, Max, 0));
        Assert.InRange(RetrySchedule.Delay(attempt, Base, Max, 0.999_999), TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most));
    }

    [Fact]
    public void Delay_AnyOptions_IsPositiveAndNeverAboveTheLongest()
    {
        var options = Gen.Select(Gen.Int[1, 10_000], Gen.Double[1, 3_600_000], Gen.Double[1, 86_400_000], Gen.Double[0, 0.999_999]);
        options.Sample(static (attempt, baseMs, maxMs, draw) =>
        {
            TimeSpan least = TimeSpan.FromMilliseconds(baseMs), longest = TimeSpan.FromMilliseconds(maxMs);
            var delay = RetrySchedule.Delay(attempt, least, longest, draw);
            return delay > TimeSpan.Zero && delay <= longest;
        });
    }

    [Fact]
    public void Delay_AttemptZero_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RetrySchedule.Delay(0, Base, Max, 0));
}
