namespace ClaudeDrive.Contexts.Search;

/// <summary>What is found as one: a context, or one event of a session's transcript.</summary>
/// <param name="EventId">The event; empty for the context itself.</param>
/// <param name="Words">Its different words, separated by single spaces; empty when it has none.</param>
internal sealed record SearchDocument(string EventId, string Words)
{
    /// <summary>What a change makes findable.</summary>
    public static IEnumerable<SearchDocument> Of(ContextChange change)
    {
        if (change.Revision is not null)
        {
            yield return new SearchDocument("", Join(SearchText.Of(change.Head)));
        }

        foreach (var record in change.SessionEvents)
        {
            yield return new SearchDocument(record.EventId, Join(SearchText.Of(record)));
        }
    }

    private static string Join(IEnumerable<string> texts) => string.Join(' ', SearchWords.Of(texts));
}
