using System.Globalization;

namespace ClaudeDrive.Cli.Verify;

/// <summary>Whether secrets have the form of secrets. Names them by their place only.</summary>
internal static class SecretsReadable
{
    private const string Prefix = "whsec_";

    // Standard Webhooks 1.0.0: 24 to 64 bytes.
    private const int ShortestKey = 24;

    private const int LongestKey = 64;

    public static SignatureCheck Check(IReadOnlyList<string> secrets)
    {
        var bad = secrets.Index().Where(secret => KeyLength(secret.Item) is not (>= ShortestKey and <= LongestKey)).Select(secret => secret.Index + 1).ToList();
        if (bad.Count == 0)
        {
            return new("secrets", true, string.Create(CultureInfo.InvariantCulture, $"{secrets.Count} readable"));
        }

        var explanation = $"secret {string.Join(", ", bad)} of {secrets.Count} is not whsec_ and base64 of {ShortestKey} to {LongestKey} bytes: copy it again whole";
        return bad.Count < secrets.Count
            ? new("secrets", true, explanation + "; the others are tried")
            : new("secrets", false, explanation, "secret_malformed");
    }

    private static int? KeyLength(string secret)
    {
        var text = secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret;
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) ? length : null;
    }
}
