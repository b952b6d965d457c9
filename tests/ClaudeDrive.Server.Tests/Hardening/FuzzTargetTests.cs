using ClaudeDrive.Fuzz;
using Xunit;

namespace ClaudeDrive.Server.Tests.Hardening;

/// <summary>The targets of <c>eng/fuzz</c>, for a short time and without coverage. A failure prints the seed and the input.</summary>
public sealed class FuzzTargetTests
{
    private const int Inputs = 3000;

    public static TheoryData<string> Targets => new(FuzzTargets.Names);

    [Theory]
    [MemberData(nameof(Targets))]
    public void Run_SeedsAndChangesOfThem_NoFinding(string name)
    {
        var seed = Environment.GetEnvironmentVariable("CLAUDEDRIVE_FUZZ_SEED") is { Length: > 0 } text
            ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
            : System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue);
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var target = FuzzTargets.Make(name)!;
        using var ending = target as IDisposable;
        Assert.True(PlainRun.Run(target, seed, count => count < Inputs && !TestContext.Current.CancellationToken.IsCancellationRequested) > 10);
    }

    [Fact]
    public void Run_SomethingDoesNotHold_IsFoundWithItsSeedAndInput()
    {
        var e = Assert.Throws<InvalidOperationException>(() => PlainRun.Run(new Broken(), seed: 1, static count => count < 100_000));
        Assert.Contains("seed 1", e.Message, StringComparison.Ordinal);
        Assert.Contains("Input (hex):", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Believes that nobody ever sends a quotation mark.</summary>
    private sealed class Broken : IFuzzTarget
    {
        public string Name => "broken";

        public IReadOnlyList<byte[]> Tokens => [];

        public IEnumerable<byte[]> Seeds() => [[1, 2, 3, 4]];

        public void Run(ReadOnlySpan<byte> input) => FindingException.Unless(!input.Contains((byte)'"'), "a quotation mark");
    }
}
