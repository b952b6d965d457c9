using System.Globalization;
using System.Text;

namespace ClaudeDrive.Contexts.Search;

/// <summary>
/// Cuts text into words, for what is indexed and for what is asked alike, so that every store finds the same: runs of letters, digits and marks in
/// lower case, each CJK character by itself, each at most <see cref="MaxLength"/> characters. A word holds no space, quote or operator of any database.
/// </summary>
internal static class SearchWords
{
    /// <summary>Characters of a word; what is longer is found by its beginning. Chosen: ids have about 30.</summary>
    public const int MaxLength = 64;

    /// <summary>Different words of one document; what comes behind them is not found. Chosen: a long novel has about as many.</summary>
    public const int MaxWords = 20_000;

    /// <summary>Characters of all of them together, so that every database takes them: PostgreSQL's limit is 1 MiB. Chosen.</summary>
    public const int MaxCharacters = 200_000;

    /// <summary>A word and where it stands.</summary>
    internal readonly record struct Word(string Text, int Start, int End);

    /// <summary>
    /// The words of a text, in order. Characters are taken as they are, never composed: whether a program can do that depends on how it is hosted, and words
    /// must be the same on every node.
    /// </summary>
    public static IEnumerable<Word> Cut(string text)
    {
        var word = new StringBuilder();
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            var isAlone = IsAlone(rune);
            if (word.Length > 0 && (isAlone || !IsPart(rune)))
            {
                yield return Take(start, at);
            }

            if (IsPart(rune))
            {
                start = word.Length == 0 ? at : start;
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            }

            at += length;
            if (isAlone)
            {
                yield return Take(start, at);
            }
        }

        if (word.Length > 0)
        {
            yield return Take(start, text.Length);
        }

        Word Take(int from, int to)
        {
            var taken = word.Length > MaxLength ? word.ToString(0, char.IsHighSurrogate(word[MaxLength - 1]) ? MaxLength - 1 : MaxLength) : word.ToString();
            word.Clear();
            return new Word(taken, from, to);
        }
    }

    /// <summary>The different words of several texts, in order of appearance.</summary>
    public static IReadOnlyCollection<string> Of(IEnumerable<string> texts)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        var characters = 0;
        foreach (var word in texts.SelectMany(Cut))
        {
            if (words.Count >= MaxWords || characters >= MaxCharacters)
            {
                break;
            }

            characters += words.Add(word.Text) ? word.Text.Length : 0;
        }

        return words;
    }

    private static bool IsPart(Rune rune) => rune != Rune.ReplacementChar && (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber);

    // Scripts that put no spaces between words: Han, Hiragana, Katakana.
    private static bool IsAlone(Rune rune) => IsPart(rune) && rune.Value is (>= 0x2E80 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
