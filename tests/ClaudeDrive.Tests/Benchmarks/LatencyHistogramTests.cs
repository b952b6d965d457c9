using ClaudeDrive.LoadGenerator.Running;
using Xunit;

namespace ClaudeDrive.Tests.Benchmarks;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Quantiles = [0.001, 0.5, 0.9, 0.99, 0.999, 1];

    [Fact]
    public void Quantile_AnyValues_IsNotBelowTheTruthAndAtMostOneBucketAbove()
    {
        const int Seed = 20_261_125;
        TestContext.Current.SendDiagnosticMessage($"seed {Seed}");
        var random = new Random(Seed);
        for (var run = 0; run < 50; run++)
        {
            var values = Enumerable.Range(0, 1 + random.Next(3000)).Select(_ => (long)Math.Exp(random.NextDouble() * 40)).ToArray();
            var histogram = new LatencyHistogram();
            Array.ForEach(values, histogram.Add);
            Array.Sort(values);

            foreach (var quantile in Quantiles)
            {
                var truth = values[(int)Math.Ceiling(quantile * values.Length) - 1];
                Assert.InRange(histogram.Quantile(quantile), truth, truth + (truth / 128));
            }

            Assert.Equal(values[^1], histogram.Max);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(long.MaxValue)]
    public void Quantile_OneValue_IsThatValue(long value)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(value);

        Assert.Equal(value, histogram.Quantile(0.5));
    }

    [Fact]
    public void Quantile_Empty_IsZero() => Assert.Equal(0, new LatencyHistogram().Quantile(0.99));
}
