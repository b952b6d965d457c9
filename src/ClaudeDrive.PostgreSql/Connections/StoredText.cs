using System.Buffers;
using System.Globalization;
using System.Text;

namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>
/// Texts as PostgreSQL can hold them. Its text has no NUL, and its UTF-8 no half of a surrogate pair, but an id, a title or a note may hold
/// either. They are written as U+E000 and a mark, U+E000 itself too, so that every text comes back as it was and equal texts stay equal. Other
/// texts are stored as they are.
/// </summary>
internal static class StoredText
{
    private const char Escape = '\uE000';
    private const char Nul = '0';
    private const char Self = 'e';

    // A half pair is its own mark's prefix and four hexadecimal digits.
    private const char Half = 'x';

    private static readonly SearchValues<char> Special = SearchValues.Create(
        ['\0', Escape, .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    /// <summary>What is stored.</summary>
    public static string Write(string text)
    {
        var first = text.AsSpan().IndexOfAny(Special);
        if (first < 0)
        {
            return text;
        }

        StringBuilder? written = null;
        for (var i = first; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                written?.Append(c).Append(text[i + 1]);
                i++;
            }
            else if (Special.Contains(c))
            {
                written ??= new StringBuilder(text, 0, i, text.Length + 8);
                Append(written, c);
            }
            else
            {
                written?.Append(c);
            }
        }

        return written?.ToString() ?? text;
    }

    /// <summary>What was written.</summary>
    public static string Read(string stored)
    {
        var next = stored.IndexOf(Escape, StringComparison.Ordinal);
        if (next < 0)
        {
            return stored;
        }

        var text = new StringBuilder(stored, 0, next, stored.Length);
        for (var i = next; i < stored.Length; i++)
        {
            if (stored[i] != Escape || i + 1 == stored.Length)
            {
                text.Append(stored[i]);
                continue;
            }

            switch (stored[++i])
            {
                case Nul:
                    text.Append('\0');
                    break;
                case Half:
                    text.Append((char)ushort.Parse(stored.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    i += 4;
                    break;
                default:
                    text.Append(Escape);
                    break;
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder written, char c)
    {
        written.Append(Escape);
        if (c == '\0')
        {
            written.Append(Nul);
        }
        else if (c == Escape)
        {
            written.Append(Self);
        }
        else
        {
            written.Append(Half).Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
        }
    }
}
