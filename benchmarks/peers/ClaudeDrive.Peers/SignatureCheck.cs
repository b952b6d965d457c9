using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace ClaudeDrive.Peers;

/// <summary>The least that proves a delivery: HMAC-SHA256 over id, timestamp and body, against one secret. Looks at no age.</summary>
internal sealed class SignatureCheck(string secret)
{
    /// <summary>Room for id, timestamp and body.</summary>
    private const int MaxSigned = 4096;

    private readonly byte[] _key = Convert.FromBase64String(secret["whsec_".Length..]);

    /// <summary>True when the one signature is that of our secret.</summary>
    public bool IsValid(IHeaderDictionary headers, in ReadOnlySequence<byte> body)
    {
        string? id = headers["webhook-id"], timestamp = headers["webhook-timestamp"], signature = headers["webhook-signature"];
        if (id is null || timestamp is null || signature is null || id.Length + timestamp.Length + 2 + body.Length > MaxSigned
            || !signature.StartsWith("v1,", StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> signed = stackalloc byte[MaxSigned];
        var length = Encoding.ASCII.GetBytes(id, signed);
        signed[length++] = (byte)'.';
        length += Encoding.ASCII.GetBytes(timestamp, signed[length..]);
        signed[length++] = (byte)'.';
        body.CopyTo(signed[length..]);
        length += (int)body.Length;

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, signed[..length], expected);
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return Convert.TryFromBase64Chars(signature.AsSpan(3), given, out var bytes) && bytes == given.Length
            && CryptographicOperations.FixedTimeEquals(expected, given);
    }
}
