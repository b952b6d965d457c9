using CsCheck;

namespace ClaudeDrive.Tests.Fakes;

/// <summary>
/// Choices from a generated list, as a source of randomness would give them: a shorter list is a simpler run, so that a failure can be shrunk. Behind its
/// end every choice is 0.
/// </summary>
internal sealed class Tape(IReadOnlyList<int> choices)
{
    private int _next;

    public static Gen<int[]> Choices(int most) => Gen.Int[0, 9_999].Array[1, most];

    /// <summary>From 0 to below <paramref name="most"/>.</summary>
    public int Next(int most) => _next < choices.Count ? choices[_next++] % most : 0;

    public int Next(int least, int most) => least + Next(most - least);
}
