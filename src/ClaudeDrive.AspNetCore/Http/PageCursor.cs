using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>
/// Positions in a list as opaque text, bound to the list and its filters: a cursor of another list, of other filters, or an altered one, is
/// refused. The check guards against mistakes, not against malice: a cursor carries no right.
/// </summary>
internal static class PageCursor
{
    private const int CheckBytes = 9;

    /// <summary>Longest text accepted: four positions and the check, in base64url.</summary>
    private const int MaxChars = 64;

    /// <summary>Writes positions (at most four) for the list named by <paramref name="binding"/>.</summary>
    public static string Write(string binding, params ReadOnlySpan<long> positions)
    {
        Span<byte> bytes = stackalloc byte[(positions.Length * sizeof(long)) + CheckBytes];
        for (var i = 0; i < positions.Length; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes[(i * sizeof(long))..], positions[i]);
        }

        var end = positions.Length * sizeof(long);
        Check(binding, bytes[..end], bytes[end..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads <paramref name="count"/> positions; null when the text is no cursor of that list.</summary>
    public static long[]? Read(string binding, string text, int count)
    {
        if (text.Length > MaxChars || !Base64Url.IsValid(text, out var length) || length != (count * sizeof(long)) + CheckBytes)
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        var end = count * sizeof(long);
        Span<byte> expected = stackalloc byte[CheckBytes];
        Check(binding, bytes.AsSpan(0, end), expected);
        if (!expected.SequenceEqual(bytes.AsSpan(end)) || !string.Equals(Base64Url.EncodeToString(bytes), text, StringComparison.Ordinal))
        {
            return null;
        }

        var positions = new long[count];
        for (var i = 0; i < count; i++)
        {
            positions[i] = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(i * sizeof(long)));
        }

        return positions;
    }

    private static void Check(string binding, ReadOnlySpan<byte> positions, Span<byte> check)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("claudedrive-cursor-1\n"u8);
        hash.AppendData(Encoding.UTF8.GetBytes(binding));
        hash.AppendData("\n"u8);
        hash.AppendData(positions);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        digest[..CheckBytes].CopyTo(check);
    }
}
