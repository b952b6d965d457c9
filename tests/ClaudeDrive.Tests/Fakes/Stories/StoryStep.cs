using CsCheck;

namespace ClaudeDrive.Tests.Fakes.Stories;

/// <summary>One move of a session's life. <see cref="StoryWriter"/> makes it possible where it is not, so that any list of steps is a story.</summary>
/// <param name="Move">What happens.</param>
/// <param name="Choice">Which of several: what it selects depends on the move.</param>
/// <param name="Gap">Milliseconds since the move before; 0 ties with it.</param>
/// <param name="Spacing">Milliseconds between the events of the move; 0 ties them.</param>
/// <param name="Late">Milliseconds that an event of it stays invisible, when its bit of <paramref name="LateMask"/> is set.</param>
/// <param name="LateMask">Which events of the move are late.</param>
internal readonly record struct StoryStep(StoryMove Move, int Choice, int Gap, int Spacing, int Late, int LateMask)
{
    /// <summary>Longest that an event stays invisible: together with the lag of a read (<see cref="Pass"/>) below the overlap of the reader.</summary>
    public const int MaxLate = 5_000;

    private static readonly Gen<int> Gaps = Gen.Frequency((1, Gen.Const(0)), (3, Gen.Int[1, 60]), (3, Gen.Int[61, 6_000]));

    private static readonly Gen<int> Lates = Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, MaxLate]));

    /// <summary>Stories of up to so many moves.</summary>
    public static Gen<StoryStep[]> Lists(int most) => Gen
        .Select(Gen.Enum<StoryMove>(), Gen.Int[0, 99], Gaps, Gen.OneOf(0, 1, 1, 40), Lates, Gen.Int[0, 63],
            static (move, choice, gap, spacing, late, mask) => new StoryStep(move, choice, gap, spacing, late, mask))
        .Array[1, most];

    /// <inheritdoc />
    public override string ToString() => FormattableString.Invariant($"{Move}({Choice}) +{Gap}/{Spacing}")
        + (Late > 0 && LateMask > 0 ? FormattableString.Invariant($" late {Late}&{LateMask}") : "");
}

/// <summary>What happens to a session. The frequent ones stand twice, so that they are drawn twice as often.</summary>
internal enum StoryMove
{
    Message,
    Tool,
    Pause,
    PauseAgain,
    Answer,
    AnswerAgain,
    AnswerAndRun,
    Interrupt,
    EndTurn,
    GiveUp,
    Refuse,
    Cap,
    Reschedule,
    Rename,
    Noise,
    Archive,
    Delete,
}
