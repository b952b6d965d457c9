using CsCheck;

namespace ClaudeDrive.Tests.Fakes.Stories;

/// <summary>What becomes of one webhook.</summary>
/// <param name="Delay">Milliseconds until its first copy arrives.</param>
/// <param name="Copies">How many copies arrive; 0: it is lost.</param>
/// <param name="Again">Milliseconds between copies.</param>
internal readonly record struct Delivery(int Delay, int Copies, int Again)
{
    public static Gen<Delivery[]> Lists { get; } = Gen
        .Select(
            Gen.Frequency((2, Gen.Int[0, 50]), (2, Gen.Int[51, 9_000]), (1, Gen.Int[9_001, 60_000])),
            Gen.Frequency((1, 0), (5, 1), (2, 2), (1, 3)),
            Gen.Int[1, 20_000],
            static (delay, copies, again) => new Delivery(delay, copies, again))
        .Array[1, 8];

    /// <inheritdoc />
    public override string ToString() => Copies == 0 ? "lost" : FormattableString.Invariant($"+{Delay}x{Copies}");
}
