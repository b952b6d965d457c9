using ClaudeDrive.Hydration;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Hydration;

/// <summary>The schedule over every setting that the options allow, and beyond. A failure is shrunk and prints its seed.</summary>
public sealed class RetrySchedulePropertyTests
{
    // The ranges of HydrationOptions: 1 ms to 1 h, and 1 ms to 1 day.
    private static readonly Gen<TimeSpan> Bases = Gen.Long[TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerHour].Select(TimeSpan.FromTicks);

    private static readonly Gen<TimeSpan> Longest = Gen.Long[TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerDay].Select(TimeSpan.FromTicks);

    private static readonly Gen<int> Attempts = Gen.OneOf(Gen.Int[1, 60], Gen.Int[1, int.MaxValue], Gen.Const(int.MaxValue));

    private static readonly Gen<double> Draws = Gen.OneOf(Gen.Double[0, 0.999_999_999], Gen.Const(0.0), Gen.Const(double.BitDecrement(1)));

    [Fact]
    public void Delay_AnyOptions_LiesBetweenHalfAndWholeOfTheStep() => Gen.Select(Attempts, Bases, Longest, Draws).Sample(
        static (attempt, least, longest, draw) =>
        {
            var delay = RetrySchedule.Delay(attempt, least, longest, draw);

            // Independent of the formula: doubled one by one, as long as that changes anything.
            var step = least.TotalMilliseconds;
            for (var doubled = 1; doubled < attempt && step < longest.TotalMilliseconds; doubled++)
            {
                step *= 2;
            }

            step = Math.Min(step, longest.TotalMilliseconds);
            return delay.TotalMilliseconds >= (step / 2) - 0.001 && delay.TotalMilliseconds <= step + 0.001 && delay > TimeSpan.Zero && delay <= longest;
        },
        iter: 20_000);

    [Fact]
    public void Delay_LaterAttemptOrLaterDraw_IsNeverShorter() => Gen.Select(Attempts, Bases, Longest, Draws, Draws).Sample(
        static (attempt, least, longest, draw, other) =>
        {
            var (lower, upper) = draw < other ? (draw, other) : (other, draw);
            var delay = RetrySchedule.Delay(attempt, least, longest, lower);
            return delay <= RetrySchedule.Delay(attempt == int.MaxValue ? attempt : attempt + 1, least, longest, lower)
                && delay <= RetrySchedule.Delay(attempt, least, longest, upper);
        },
        iter: 20_000);

    [Fact]
    public void Delay_ManyAttempts_ReachesTheLongest() => Gen.Select(Bases, Longest, Draws).Sample(
        static (least, longest, draw) =>
            RetrySchedule.Delay(41, least, longest, draw) == RetrySchedule.Delay(int.MaxValue, least, longest, draw)
            && RetrySchedule.Delay(41, least, longest, 0) == TimeSpan.FromMilliseconds(longest.TotalMilliseconds / 2),
        iter: 10_000);

    [Fact]
    public void Next_AnySeed_IsADrawAndTheSeedRepeatsIt() => Gen.Select(Gen.Int, Gen.Int[1, 200]).Sample(static (seed, count) =>
    {
        var (one, other) = (new Jitter(seed), new Jitter(seed));
        return Enumerable.Range(0, count).All(_ => one.Next() is var draw && draw is >= 0 and < 1 && draw == other.Next());
    });

    [Fact]
    public void Next_ManyThreads_StaysADrawForEach()
    {
        // A source of randomness that is used from many threads without care ends in zeros for ever.
        var jitter = new Jitter(1);
        var zeros = 0;
        Parallel.For(0, 200_000, _ => Interlocked.Add(ref zeros, jitter.Next() == 0 ? 1 : 0));
        Assert.InRange(zeros, 0, 3);
    }
}
