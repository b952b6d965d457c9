using CsCheck;

namespace ClaudeDrive.Conformance;

/// <summary>One change of a random world; what the numbers select depends on the kind.</summary>
internal readonly record struct SightMove(SightMoveKind Kind, int A, int B, int C, int D, int E)
{
    public static Gen<SightMove> Any { get; } = Gen.Select(
        Gen.Enum<SightMoveKind>(), Gen.Int[0, 11], Gen.Int[0, 11], Gen.Int[0, 11], Gen.Int[0, 11], Gen.Int[0, 11],
        static (kind, a, b, c, d, e) => new SightMove(kind, a, b, c, d, e));
}

/// <summary>The changes. Looks are listed twice, so that they are drawn twice as often.</summary>
internal enum SightMoveKind
{
    LookAtSession,
    LookAtSessionAgain,
    LookAtThread,
    LookAtResource,
    Event,
    EventOfNothing,
    Park,
    Delivery,
}
