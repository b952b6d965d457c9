using System.Buffers;

namespace ClaudeDrive.Ingest;

/// <summary>Reads signature headers into MACs. Pure, allocates nothing, never throws.</summary>
internal static class SignatureItems
{
    /// <summary>Size of one HMAC-SHA256, in bytes.</summary>
    public const int MacBytes = 32;

    /// <summary>Most items in one request. A rotation needs two or three; more would only buy a stranger work on our side.</summary>
    public const int MaxItems = 16;

    /// <summary>Longest header value, in characters: 16 items of the longest known kind (<c>v1a</c>, 92) fit twice over.</summary>
    public const int MaxHeaderChars = 4096;

    private const int Base64Chars = 44;
    private const int HexChars = 64;
    private const string Version = "v1";

    // 32 bytes leave two bits unused in the last base64 digit; a sender writes them as zero.
    private static readonly SearchValues<char> LastDigits = SearchValues.Create("AEIMQUYcgkosw048");

    /// <summary>
    /// Reads <c>v1,base64</c> items separated by spaces (Standard Webhooks 1.0.0). Items of other versions and unreadable items are
    /// skipped. False when nothing readable is left, or when a value is too long, has too many items or was folded with commas.
    /// </summary>
    public static bool TryReadVersioned(ReadOnlySpan<string?> headers, Span<byte> macs, out int count)
    {
        count = 0;
        var items = 0;
        foreach (var header in headers)
        {
            if (header is { Length: > MaxHeaderChars })
            {
                return false;
            }

            foreach (var range in header.AsSpan().Split(' '))
            {
                var item = header.AsSpan(range);
                if (item.IsEmpty)
                {
                    continue;
                }

                var comma = item.IndexOf(',');
                if (++items > MaxItems || (comma >= 0 && item[(comma + 1)..].Contains(',')))
                {
                    return false;
                }

                if (comma >= 0 && item[..comma].SequenceEqual(Version) && TryReadBase64(item[(comma + 1)..], Slot(macs, count)))
                {
                    count++;
                }
            }
        }

        return count > 0;
    }

    /// <summary>
    /// Reads items of 64 hex digits or of base64, each with an optional prefix <c>sha256=</c> or <c>v1,</c>, separated by spaces: the
    /// body-only signature of the guide dialect. False as above.
    /// </summary>
    public static bool TryReadBodyOnly(ReadOnlySpan<string?> headers, Span<byte> macs, out int count)
    {
        count = 0;
        var items = 0;
        foreach (var header in headers)
        {
            if (header is { Length: > MaxHeaderChars })
            {
                return false;
            }

            foreach (var range in header.AsSpan().Split(' '))
            {
                var item = WithoutPrefix(header.AsSpan(range));
                if (item.IsEmpty)
                {
                    continue;
                }

                if (++items > MaxItems || item.Contains(','))
                {
                    return false;
                }

                if (TryReadHex(item, Slot(macs, count)) || TryReadBase64(item, Slot(macs, count)))
                {
                    count++;
                }
            }
        }

        return count > 0;
    }

    private static Span<byte> Slot(Span<byte> macs, int index) => macs.Slice(index * MacBytes, MacBytes);

    private static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> item) =>
        item.StartsWith("sha256=", StringComparison.Ordinal) ? item[7..]
        : item.StartsWith("v1,", StringComparison.Ordinal) ? item[3..]
        : item;

    private static bool TryReadBase64(ReadOnlySpan<char> text, Span<byte> mac) =>
        text.Length == Base64Chars
        && LastDigits.Contains(text[Base64Chars - 2])
        && Convert.TryFromBase64Chars(text, mac, out var written)
        && written == MacBytes;

    private static bool TryReadHex(ReadOnlySpan<char> text, Span<byte> mac) =>
        text.Length == HexChars && Convert.FromHexString(text, mac, out _, out _) == OperationStatus.Done;
}
