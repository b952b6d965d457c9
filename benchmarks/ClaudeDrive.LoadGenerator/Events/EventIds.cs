namespace ClaudeDrive.LoadGenerator.Events;

/// <summary>
/// Writes event ids of the form <c>whe_01</c> and 22 characters, as in the published examples: eleven for a 64-bit number, eleven drawn. Ordered ids
/// count microseconds since 1970, one for each event, so that those of a later run sort behind those of an earlier one; random ids draw the number too.
/// </summary>
internal sealed class EventIds(EventIdOrder order, DateTimeOffset now, int seed)
{
    /// <summary>Characters of an id.</summary>
    public const int Length = 6 + (2 * Digits);

    // 58^11 is just above 2^64.
    private const int Digits = 11;

    private readonly ulong _first = (ulong)(now - DateTimeOffset.UnixEpoch).Ticks / 10;

    // In the order of ASCII, so that larger numbers sort behind.
    private static ReadOnlySpan<byte> Alphabet => "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"u8;

    /// <summary>Writes the id of the event at <paramref name="index"/>: the same one each time.</summary>
    public void Write(int index, Span<byte> id)
    {
        // The start is part of the draw, so that no two runs share an id.
        var draw = Mix(_first ^ ((ulong)(uint)seed << 40) ^ ((ulong)index * 0x9E3779B97F4A7C15UL));
        "whe_01"u8.CopyTo(id);
        WriteNumber(order == EventIdOrder.Ordered ? _first + (ulong)index : draw, id.Slice(6, Digits));
        WriteNumber(Mix(draw), id.Slice(6 + Digits, Digits));
    }

    /// <summary>The finisher of SplitMix64 (Steele, Lea, Flood 2014): a bijection, so distinct numbers stay distinct.</summary>
    public static ulong Mix(ulong number)
    {
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9UL;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EBUL;
        return number ^ (number >> 31);
    }

    private static void WriteNumber(ulong number, Span<byte> digits)
    {
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            (number, var digit) = Math.DivRem(number, (ulong)Alphabet.Length);
            digits[i] = Alphabet[(int)digit];
        }
    }
}
