using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClaudeDrive.Simulator.Ids;

/// <summary>
/// Ids, secrets and choices as pure functions of the seed and a name. No draw depends on an earlier one, so the order in which
/// concurrent stories ask changes nothing: the same seed and the same names give the same world.
/// </summary>
internal sealed class SeededSource(int seed)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The seed everything derives from.</summary>
    public int Seed { get; } = seed;

    /// <summary>
    /// An id such as <c>sevt_01…</c>: prefix, a sortable ordinal, then 16 characters derived from the seed.
    /// Ids of one <paramref name="stream"/> sort by <paramref name="ordinal"/>.
    /// </summary>
    public string NewId(string prefix, string stream, long ordinal)
    {
        var text = new StringBuilder(prefix, 32).Append("_01");
        AppendOrdinal(text, ordinal);
        var hash = Hash("id:" + prefix, stream, ordinal);
        for (var i = 0; i < 16; i++)
        {
            text.Append(Alphabet[hash[i] & 31]);
        }

        return text.ToString();
    }

    /// <summary>A number in [0, 1) for one named occasion.</summary>
    public double Draw(string purpose, string key, long ordinal)
    {
        var bits = BinaryPrimitives.ReadUInt64LittleEndian(Hash("draw:" + purpose, key, ordinal));
        return (bits >> 11) / (double)(1UL << 53);
    }

    /// <summary>A whole number in [0, <paramref name="count"/>) for one named occasion.</summary>
    public int Pick(int count, string purpose, string key, long ordinal) => (int)(Draw(purpose, key, ordinal) * count);

    /// <summary>A signing secret: <c>whsec_</c> + base64 of 32 bytes (the length Anthropic documents).</summary>
    public string NewSecret(string name, long ordinal) => "whsec_" + Convert.ToBase64String(Hash("secret", name, ordinal));

    /// <summary>A UUID derived from the seed, in the usual text form.</summary>
    public string NewUuid(string name) => new Guid(Hash("uuid", name, 0).AsSpan(0, 16)).ToString("D");

    private static void AppendOrdinal(StringBuilder text, long ordinal)
    {
        for (var shift = 25; shift >= 0; shift -= 5)
        {
            text.Append(Alphabet[(int)((ordinal >> shift) & 31)]);
        }
    }

    private byte[] Hash(string purpose, string key, long ordinal) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Seed}|{purpose}|{key}|{ordinal}")));
}
