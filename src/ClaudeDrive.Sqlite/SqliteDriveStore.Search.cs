using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Contexts.Search;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Sqlite.Filters;
using ClaudeDrive.Sqlite.Rows;

namespace ClaudeDrive.Sqlite;

/// <content>Full-text search, and reading all heads in a steady order.</content>
internal sealed partial class SqliteDriveStore
{
    /// <inheritdoc/>
    public ValueTask<Page<SearchHit>> SearchAsync(Sight sight, SearchQuery query, PageRequest page, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            if (sight.IsNothing)
            {
                return new Page<SearchHit>([], null, 0);
            }

            var match = MatchOf(query);
            long total;
            using (var count = database.Use("CountSearch", SeenHead(sight)))
            {
                total = PageCut.ReadNumber(count.Set("match", match).Set("most", ISearchStore.MostCounted + 1L));
            }

            using var rows = PageCut.Bind(database.Use("Search", SeenHead(sight)), page).Set("match", match);
            return PageCut.Read(rows, page, total, row =>
            {
                var position = row.Int64();
                return (ReadHit(database, position, new ResourceKey(row.Text(), row.Text()), row.Text()), position);
            });
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ContextHead>> ReadHeadsAsync(Sight sight, ResourceKey? after, int max, CancellationToken cancellationToken) => ReadAsync(
        IReadOnlyList<ContextHead> (database) =>
        {
            if (sight.IsNothing)
            {
                return [];
            }

            using var rows = database.Use("ReadHeadsById", SeenHead(sight))
                .Set("type", after?.Type ?? "").Set("id", after?.Id ?? "").Set("limit", (long)max);
            return PageCut.ReadAll(rows, static row => ContextRows.ReadHead(row).Head);
        },
        cancellationToken);

    // Quoted: a word holds letters, digits and marks only, and is no operator inside quotes.
    private static string MatchOf(SearchQuery query) =>
        string.Join(" AND ", query.Terms.Select(static term => term.IsPrefix ? $"\"{term.Word}\" *" : $"\"{term.Word}\""));

    private static SearchHit ReadHit(SqliteDatabase database, long position, ResourceKey resource, string eventId)
    {
        ContextHead head;
        using (var find = database.Use("FindHead").Set("resource_type", resource.Type).Set("resource_id", resource.Id))
        {
            find.Step();
            head = ContextRows.ReadHead(find).Head;
        }

        if (eventId.Length == 0)
        {
            return new SearchHit(position, head, null);
        }

        using var entry = database.Use("FindTranscriptEvent").Set("session_id", resource.Id).Set("event_id", eventId);
        return new SearchHit(position, head, entry.Step() ? ContextRows.ReadTranscriptEvent(entry) : null);
    }
}
