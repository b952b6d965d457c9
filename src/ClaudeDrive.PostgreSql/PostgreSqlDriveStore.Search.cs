using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Contexts.Search;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Rows;

namespace ClaudeDrive.PostgreSql;

/// <content>Full-text search, and reading all heads in a steady order.</content>
internal sealed partial class PostgreSqlDriveStore
{
    /// <inheritdoc/>
    public async ValueTask<Page<SearchHit>> SearchAsync(Sight sight, SearchQuery query, PageRequest page, CancellationToken cancellationToken)
    {
        if (sight.IsNothing)
        {
            return new Page<SearchHit>([], null, 0);
        }

        // Quoted: a word holds letters, digits and marks only, and is no operator inside quotes.
        var wanted = string.Join(" & ", query.Terms.Select(static term => $"'{term.Word}'{(term.IsPrefix ? ":*" : "")}"));
        return await Calls.RunAsync(
            CallKind.Read,
            () =>
            [
                Use("CountSearch", Seen(sight, static sql => sql.OfHead("h"))).Set("query", wanted).Set("most", (int?)(ISearchStore.MostCounted + 1)),
                PageCut.Bind(Use("Search", Seen(sight, static sql => sql.OfHead("h"))), page).Set("query", wanted),
            ],
            async reader =>
            {
                var total = await PostgreSqlDatabase.ReadNumberAsync(reader).ConfigureAwait(false);
                return PageCut.Cut(await PostgreSqlDatabase.ReadAllAsync(reader, ReadHit).ConfigureAwait(false), page, total);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ContextHead>> ReadHeadsAsync(Sight sight, ResourceKey? after, int max, CancellationToken cancellationToken) =>
        sight.IsNothing
            ? []
            : await AllAsync(
                CallKind.Read,
                _ => Use("ReadHeadsById", Seen(sight, static sql => sql.OfHead("h")))
                    .Set("type", after?.Type ?? "").Set("id", after?.Id ?? "").Set("limit", (int?)max),
                static row => ContextRows.ReadHead(row).Head,
                cancellationToken).ConfigureAwait(false);

    private static (SearchHit Hit, long Position) ReadHit(Row row)
    {
        var position = row.Int64();
        var head = ContextRows.ReadHead(row).Head;
        return (new SearchHit(position, head, ContextRows.FindTranscriptEvent(row)), position);
    }
}
