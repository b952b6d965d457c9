using System.Globalization;
using System.Text;

namespace ClaudeDrive.Cli.Output;

/// <summary>
/// Makes text from agents, tools and strangers safe to show: nothing in it can move the cursor, colour the screen,
/// set a title, reverse the reading direction or hide. What is taken out is shown as a visible escape.
/// </summary>
internal static class UntrustedText
{
    /// <summary>For one line: line ends and tabs become visible escapes too.</summary>
    public static string Line(string? text) => Neutralise(text, keepLines: false);

    /// <summary>For several lines: line feeds stay, tabs become spaces.</summary>
    public static string Block(string? text)
    {
        return Neutralise(text?.ReplaceLineEndings("\n").Replace("\t", "    ", StringComparison.Ordinal), keepLines: true);
    }

    /// <summary>
    /// For valid JSON: the same document, its dangerous characters written as escapes. Such characters can only stand
    /// inside strings, so replacing them changes the spelling and never the value.
    /// </summary>
    public static string Json(string json)
    {
        StringBuilder? safe = null;
        for (var i = 0; i < json.Length; i++)
        {
            var pair = char.IsHighSurrogate(json[i]) && i + 1 < json.Length && char.IsLowSurrogate(json[i + 1]);
            var rune = pair ? new Rune(json[i], json[i + 1]) : Rune.TryCreate(json[i], out var one) ? one : Rune.ReplacementChar;
            var end = i + (pair ? 2 : 1);
            if (rune.Value is '\n' or '\r' or '\t' || !IsDangerous(rune))
            {
                safe?.Append(json, i, end - i);
            }
            else
            {
                safe ??= new StringBuilder(json, 0, i, json.Length + 32);
                for (var unit = i; unit < end; unit++)
                {
                    safe.Append("\\u").Append(((int)json[unit]).ToString("x4", CultureInfo.InvariantCulture));
                }
            }

            i = end - 1;
        }

        return safe?.ToString() ?? json;
    }

    private static string Neutralise(string? text, bool keepLines)
    {
        if (string.IsNullOrEmpty(text))
        {
            return string.Empty;
        }

        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if ((keepLines && rune.Value == '\n') || !IsDangerous(rune))
            {
                safe.Append(rune.ToString());
            }
            else
            {
                safe.Append(Visible(rune));
            }
        }

        return safe.ToString();
    }

    private static bool IsDangerous(Rune rune)
    {
        // Joiners shape ordinary text (emoji, Persian, Indic scripts) and can neither move nor reorder anything.
        return rune.Value is not (0x200C or 0x200D)
            && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
    }

    private static string Visible(Rune rune)
    {
        return rune.Value switch
        {
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            0x1B => "\\e",
            var value => "\\u{" + value.ToString("x", CultureInfo.InvariantCulture) + "}",
        };
    }
}
