namespace ClaudeDrive.Fuzz;

/// <summary>Makes new inputs from known ones, for runs without a coverage-guided fuzzer. The same seed makes the same inputs.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, IReadOnlyList<byte[]> tokens, int seed)
{
    private const int MaxBytes = 64 * 1024;

    private static readonly byte[] Special = [0, 1, (byte)' ', (byte)'"', (byte)',', (byte)'.', (byte)':', (byte)'{', (byte)'\r', (byte)'\n', 0x7F, 0x80, 0xC0, 0xED, 0xFF];

#pragma warning disable CA5394 // Inputs of tests: to be repeated, not to be unforeseeable.
    private readonly Random _random = new(seed);

    /// <summary>The next input: a seed with one to eight changes.</summary>
    public byte[] Next()
    {
        List<byte> bytes = [.. seeds[_random.Next(seeds.Count)]];
        for (var changes = 1 << _random.Next(4); changes > 0; changes--)
        {
            Change(bytes);
        }

        return bytes.Count <= MaxBytes ? [.. bytes] : [.. bytes.Take(MaxBytes)];
    }

    private void Change(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count + 1);
        var some = _random.Next(1, 1 + Math.Min(32, Math.Max(1, bytes.Count - at)));
        switch (_random.Next(9))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = Special[_random.Next(Special.Length)];
                break;
            case 2 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 3 when at + some <= bytes.Count:
                bytes.RemoveRange(at, some);
                break;
            case 4 when at + some <= bytes.Count:
                bytes.InsertRange(at, bytes.GetRange(at, some));
                break;
            case 5 when at < bytes.Count:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6:
                var other = seeds[_random.Next(seeds.Count)];
                bytes.InsertRange(at, other.Skip(_random.Next(other.Length + 1)).Take(_random.Next(64)));
                break;
            case 7 when tokens.Count > 0:
                bytes.InsertRange(at, tokens[_random.Next(tokens.Count)]);
                break;
            default:
                bytes.InsertRange(at, Enumerable.Repeat((byte)_random.Next(256), _random.Next(1, 300)));
                break;
        }
    }
#pragma warning restore CA5394
}
