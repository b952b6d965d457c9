using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClaudeDrive.Simulator.Delivery;

/// <summary>Signing as the sender does it (Standard Webhooks 1.0.0, symmetric). Written apart from the receiver on purpose.</summary>
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";

    /// <summary>The key bytes of a secret, with or without <c>whsec_</c>. Throws <see cref="FormatException"/> when it is not base64.</summary>
    public static byte[] Key(string secret) =>
        Convert.FromBase64String(secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret);

    /// <summary>Whether <paramref name="secret"/> is base64 of 24 to 64 bytes, with or without its prefix.</summary>
    public static bool IsUsable(string secret)
    {
        var text = secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret;
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out var length) && length is >= 24 and <= 64;
    }

    /// <summary><c>v1,</c> + base64 of HMAC-SHA256 over id, <c>.</c>, unix seconds, <c>.</c> and the body.</summary>
    public static string Sign(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Key(secret));
        mac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        mac.AppendData(body);
        return "v1," + Convert.ToBase64String(mac.GetHashAndReset());
    }

    /// <summary>HMAC-SHA256 of the body alone in one of the forms seen in the guide dialect: hex or base64, bare or prefixed.</summary>
    public static string SignBodyOnly(string secret, ReadOnlySpan<byte> body, int form)
    {
        var mac = HMACSHA256.HashData(Key(secret), body);
        return form switch
        {
            0 => Convert.ToHexStringLower(mac),
            1 => "sha256=" + Convert.ToHexStringLower(mac),
            2 => Convert.ToBase64String(mac),
            _ => "v1," + Convert.ToBase64String(mac),
        };
    }
}
