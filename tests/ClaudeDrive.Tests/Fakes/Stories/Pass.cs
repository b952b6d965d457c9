using CsCheck;

namespace ClaudeDrive.Tests.Fakes.Stories;

/// <summary>One pass of the worker, and what the API shows it.</summary>
/// <param name="After">Milliseconds since the pass before.</param>
/// <param name="ObjectLag">How far the read of the object is behind, in milliseconds.</param>
/// <param name="ListLag">How far the list of events is behind.</param>
/// <param name="Trouble">What goes wrong with it.</param>
internal readonly record struct Pass(int After, int ObjectLag, int ListLag, Trouble Trouble)
{
    private static readonly Gen<int> Lags = Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 4_500]));

    public static Gen<Pass[]> Lists { get; } = Gen
        .Select(
            Gen.Frequency((1, Gen.Int[50, 300]), (2, Gen.Int[301, 9_000])),
            Lags,
            Lags,
            Gen.Frequency((16, Trouble.None), (1, Trouble.ObjectFails), (1, Trouble.ListFails), (1, Trouble.Overloaded), (1, Trouble.ListCut), (1, Trouble.NotFound)),
            static (after, objectLag, listLag, trouble) => new Pass(after, objectLag, listLag, trouble))
        .Array[1, 10];

    /// <summary>A pass that sees all.</summary>
    public static Pass Fresh { get; } = new(5_000, 0, 0, Trouble.None);

    /// <inheritdoc />
    public override string ToString() => FormattableString.Invariant($"+{After} lag {ObjectLag}/{ListLag}") + (Trouble == Trouble.None ? "" : $" {Trouble}");
}

/// <summary>What goes wrong with one pass.</summary>
internal enum Trouble
{
    None,
    ObjectFails,
    ListFails,
    Overloaded,
    ListCut,

    /// <summary>404 for what is there: a key of another workspace, or a copy that does not know the session yet.</summary>
    NotFound,
}
