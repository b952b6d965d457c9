namespace ClaudeDrive.Contexts.Search;

/// <summary>
/// What is looked for: words that must all occur in one document, each whole or, with a <c>*</c> behind it, as a beginning. Everything else that was typed
/// only separates words: nothing of it is an operator, and nothing reaches a database as syntax.
/// </summary>
internal sealed record SearchQuery
{
    /// <summary>Words at most. Chosen.</summary>
    public const int MaxTerms = 16;

    private SearchQuery(IReadOnlyList<Term> terms) => Terms = terms;

    /// <summary>One word.</summary>
    /// <param name="Word">As <see cref="SearchWords"/> cuts it.</param>
    /// <param name="IsPrefix">True when it is a beginning.</param>
    internal readonly record struct Term(string Word, bool IsPrefix)
    {
        /// <summary>True when a word of a document is meant.</summary>
        public bool Matches(string word) => IsPrefix ? word.StartsWith(Word, StringComparison.Ordinal) : word == Word;
    }

    /// <summary>The words, 1 to <see cref="MaxTerms"/>, each once.</summary>
    public IReadOnlyList<Term> Terms { get; }

    /// <summary>Reads what was typed; null when no word is in it, or more than <see cref="MaxTerms"/>.</summary>
    public static SearchQuery? Parse(string text)
    {
        var terms = SearchWords.Cut(text)
            .Select(word => new Term(word.Text, word.End < text.Length && text[word.End] == '*'))
            .Distinct().ToList();
        return terms.Count is 0 or > MaxTerms ? null : new SearchQuery(terms);
    }

    /// <summary>True when a document with these words is meant.</summary>
    public bool Matches(IReadOnlyCollection<string> words) => Terms.All(term => words.Any(term.Matches));
}
