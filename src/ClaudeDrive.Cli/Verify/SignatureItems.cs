using System.Globalization;

namespace ClaudeDrive.Cli.Verify;

/// <summary>Whether the signature header holds anything that can be compared. Never repeats a signature.</summary>
internal static class SignatureItems
{
    private const string Name = "signature";

    private const int MacBytes = 32;

    public static SignatureCheck Check(DeliveryHeaders headers)
    {
        var items = headers.Signatures.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        if (items.Count == 0)
        {
            return new(Name, null, "not there");
        }

        var usable = items.Count(item => IsUsable(item, headers.CoversBodyOnly));
        var others = items.Where(item => item.Contains(',', StringComparison.Ordinal)).Select(item => item[..item.IndexOf(',', StringComparison.Ordinal)])
            .Where(version => version != "v1" && version.Length <= 8).Distinct(StringComparer.Ordinal).ToList();
        var skipped = others.Count == 0 ? string.Empty : $"; version {string.Join(", ", others)} is not used here";
        if (usable > 0)
        {
            return new(Name, true, string.Create(CultureInfo.InvariantCulture, $"{usable} of {items.Count} items can be compared{skipped}"));
        }

        var why = items.Any(item => item.Contains(',', StringComparison.Ordinal))
            ? "no item is v1, and base64 of 32 bytes"
            : "no item begins with its version: it must read v1,BASE64";
        return new(Name, false, why + skipped, "signature_malformed");
    }

    private static bool IsUsable(string item, bool bodyOnly)
    {
        if (bodyOnly)
        {
            var bare = item.StartsWith("sha256=", StringComparison.Ordinal) ? item["sha256=".Length..] : item;
            return IsMac(bare.StartsWith("v1,", StringComparison.Ordinal) ? bare[3..] : bare) || (bare.Length == 2 * MacBytes && bare.All(char.IsAsciiHexDigit));
        }

        return item.StartsWith("v1,", StringComparison.Ordinal) && IsMac(item[3..]);
    }

    private static bool IsMac(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == MacBytes;
    }
}
