using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Contexts.Search;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Storage.InMemory;

/// <content>Full-text search, the plain way: every document is asked. And reading all heads in a steady order.</content>
internal sealed partial class InMemoryDriveStore
{
    private readonly Dictionary<(ResourceKey Resource, string EventId), (long Doc, string[] Words)> _documents = [];
    private long _lastDocument;

    /// <inheritdoc/>
    public ValueTask<Page<SearchHit>> SearchAsync(Sight sight, SearchQuery query, PageRequest page, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var found = _documents
                .Where(pair => query.Matches(pair.Value.Words) && Sees(sight, pair.Key.Resource))
                .OrderByDescending(static pair => pair.Value.Doc)
                .Select(pair => new SearchHit(pair.Value.Doc, _contexts[pair.Key.Resource].Head, Entry(pair.Key.Resource, pair.Key.EventId)));
            var cut = Cut(found, static hit => hit.Position, page);
            return ValueTask.FromResult(cut with { Total = Math.Min(cut.Total, ISearchStore.MostCounted + 1) });
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ContextHead>> ReadHeadsAsync(Sight sight, ResourceKey? after, int max, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            IReadOnlyList<ContextHead> heads =
            [
                .. _contexts.Values.Select(static row => row.Head).Where(head => Sees(sight, head) && (after is not { } key || Compare(head.Resource, key) > 0))
                    .Order(Comparer<ContextHead>.Create(static (a, b) => Compare(a.Resource, b.Resource))).Take(max),
            ];
            return ValueTask.FromResult(heads);
        }
    }

    private void Index(ContextChange change)
    {
        foreach (var document in SearchDocument.Of(change))
        {
            var key = (change.Head.Resource, document.EventId);
            var doc = _documents.TryGetValue(key, out var known) ? known.Doc : ++_lastDocument;
            _documents[key] = (doc, document.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private int RemoveDocuments(ResourceKey resource, int max)
    {
        var gone = _documents.Keys.Where(key => key.Resource == resource).Take(max).ToList();
        gone.ForEach(key => _documents.Remove(key));
        return gone.Count;
    }

    private SessionEventRecord? Entry(ResourceKey resource, string eventId) =>
        eventId.Length > 0 && _transcripts.TryGetValue(resource.Id, out var entries) ? entries.GetValueOrDefault(eventId)?.Event : null;

    private static int Compare(ResourceKey one, ResourceKey other) =>
        string.CompareOrdinal(one.Type, other.Type) is not 0 and var byType ? byType : string.CompareOrdinal(one.Id, other.Id);
}
