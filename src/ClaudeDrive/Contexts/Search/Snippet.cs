using System.Text;

namespace ClaudeDrive.Contexts.Search;

/// <summary>The part of a found document that shows why it was found. Made from what is stored now: what was dropped or redacted is in none. Untrusted text.</summary>
internal static class Snippet
{
    /// <summary>Characters before the word. Chosen.</summary>
    private const int Before = 60;

    /// <summary>Characters of the whole. Chosen: two lines of a terminal.</summary>
    private const int Length = 160;

    /// <summary>The surroundings of the first word that was asked for; null when the document has none of them any more.</summary>
    public static string? Of(SearchHit hit, SearchQuery query)
    {
        foreach (var text in hit.Entry is null ? SearchText.Of(hit.Head) : SearchText.Of(hit.Entry))
        {
            foreach (var word in SearchWords.Cut(text))
            {
                if (query.Terms.Any(term => term.Matches(word.Text)))
                {
                    return Around(text, word.Start);
                }
            }
        }

        return null;
    }

    private static string Around(string text, int at)
    {
        var from = WholeRune(text, Math.Max(0, at - Before));
        var to = WholeRune(text, Math.Min(text.Length, from + Length));
        var part = new StringBuilder(from > 0 ? "…" : "");
        foreach (var c in text.AsSpan(from, to - from))
        {
            part.Append(char.IsControl(c) ? ' ' : c);
        }

        return part.Append(to < text.Length ? "…" : "").ToString();
    }

    private static int WholeRune(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;
}
