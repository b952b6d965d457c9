using System.Globalization;
using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Filters;
using ClaudeDrive.PostgreSql.Rows;

namespace ClaudeDrive.PostgreSql;

/// <content>Reading contexts, revisions and transcripts.</content>
internal sealed partial class PostgreSqlDriveStore
{
    /// <inheritdoc/>
    public ValueTask<ContextHead?> FindHeadAsync(Sight sight, ResourceKey resource, CancellationToken cancellationToken) => FirstAsync(
        CallKind.Read,
        use => Of(sight.IsEverything ? use("FindHead") : Use("FindHeadSeen", Seen(sight, static sql => sql.OfHead("h"))), resource),
        static row => ContextRows.ReadHead(row).Head,
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, DateTimeOffset?>> RecentEventIdsAsync(
        string sessionId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var recent = await AllAsync(
            CallKind.Read,
            use => use("RecentTranscriptEvents").Set("session_id", sessionId).Set("since", (DateTimeOffset?)since),
            static row => (row.Text(), ContextRows.ReadProcessedAt(row)),
            cancellationToken).ConfigureAwait(false);
        return recent.ToDictionary(static pair => pair.Item1, static pair => pair.Item2, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public ValueTask<Page<ContextHead>> ListHeadsAsync(
        Sight sight, ContextFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        if (!sight.IsEverything)
        {
            return ListSeenAsync(sight, filter, page, cancellationToken);
        }

        // Types have counters; a page that nobody counts takes the same cheap way.
        var isByType = !page.Counted || HeadPredicate(filter).IsEmpty || IsOnlyType(filter);
        return Calls.RunAsync(
            CallKind.Read,
            () =>
            [
                isByType ? Use("CountContexts") : Count("CountHeads", HeadPredicate(filter)),
                PageCut.Bind(Use("ListHeads", HeadPredicate(filter)), page),
            ],
            async reader =>
            {
                var total = isByType
                    ? new RowTotal((await ReadTypesAsync(reader).ConfigureAwait(false)).Where(pair => filter.Type is null || pair.Key == filter.Type).Sum(static pair => pair.Value))
                    : await PostgreSqlDatabase.ReadTotalAsync(reader).ConfigureAwait(false);
                return PageCut.Cut(await PostgreSqlDatabase.ReadAllAsync(reader, ContextRows.ReadHead).ConfigureAwait(false), page, total);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Page<ContextRevision>> ListRevisionsAsync(
        Sight sight, ResourceKey resource, PageRequest page, CancellationToken cancellationToken) => PageAsync(
        () => Of(Use("CountRevisions", Seen(sight, OfAsked)), resource),
        () => Of(Use("ListRevisions", Seen(sight, OfAsked)), resource),
        static row =>
        {
            var revision = ContextRows.ReadRevision(row);
            return (revision, revision.Number);
        },
        page,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ContextRevision?> FindRevisionAsync(
        Sight sight, ResourceKey resource, int number, CancellationToken cancellationToken) => FirstAsync(
        CallKind.Read,
        _ => Of(Use("FindRevision", Seen(sight, OfAsked)), resource).Set("number", (int?)number),
        ContextRows.ReadRevision,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Tail<ContextRevision>> ReadRevisionsAsync(Sight sight, long afterSeq, int max, CancellationToken cancellationToken) => ReadTailAsync(
        new TailStatements<ContextRevision>(
            "ReadRevisions", "NewestRevisionSeq", static sql => sql.OfResource("r.resource_type", "r.resource_id"), ContextRows.ReadRevision,
            static revision => revision.Seq),
        sight, afterSeq, max, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Page<SessionEventRecord>> ListTranscriptAsync(
        Sight sight, string sessionId, PageRequest page, CancellationToken cancellationToken)
    {
        var limit = PageCut.Limit(page);
        var skip = Math.Max(page.Before ?? 0, 0);
        return await Calls.RunAsync(
            CallKind.Read,
            () =>
            [
                Use("CountTranscript", Seen(sight, OfSession)).Set("session_id", sessionId),
                Use("ListTranscript", Seen(sight, OfSession)).Set("session_id", sessionId).Set("limit", (long?)limit).Set("skip", (long?)skip),
            ],
            async reader =>
            {
                var total = await PostgreSqlDatabase.ReadNumberAsync(reader).ConfigureAwait(false);
                var items = await PostgreSqlDatabase.ReadAllAsync(reader, ContextRows.ReadTranscriptEvent).ConfigureAwait(false);
                long? next = skip + items.Count < total && items.Count > 0 ? skip + items.Count : null;
                return new Page<SessionEventRecord>(items, next, total);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<ContextCounts> CountContextsAsync(Sight sight, CancellationToken cancellationToken) => !sight.IsEverything
        ? CountSeenAsync(sight, cancellationToken)
        : Calls.RunAsync(
        CallKind.Read,
        () => [Use("CountContexts"), Use("CountAllRevisions")],
        async reader => new ContextCounts(await ReadTypesAsync(reader).ConfigureAwait(false), await PostgreSqlDatabase.ReadNumberAsync(reader).ConfigureAwait(false)),
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> FindReaderAsync(string name, CancellationToken cancellationToken) =>
        FirstAsync(CallKind.Read, use => use("FindReader").Set("name", name), static row => row.Int64(), cancellationToken);

    private ValueTask<Page<ContextHead>> ListSeenAsync(Sight sight, ContextFilter filter, PageRequest page, CancellationToken cancellationToken) =>
        sight.IsNothing ? new ValueTask<Page<ContextHead>>(new Page<ContextHead>([], null, 0)) : PageAsync(
            () => page.Counted ? Count("CountHeadsAmong", HeadWalks.Among(sight, filter, () => HeadPredicate(filter))) : Use("CountNothing"),
            () => Use("ListHeads", HeadWalks.List(sight, filter, () => HeadPredicate(filter))),
            ContextRows.ReadHead,
            page,
            cancellationToken);

    private async ValueTask<ContextCounts> CountSeenAsync(Sight sight, CancellationToken cancellationToken)
    {
        var types = sight.IsNothing ? [] : await AllAsync(
            CallKind.Read,
            _ => Use("CountTypesAmong", HeadWalks.Among(sight, new ContextFilter(), static () => new SqlPredicate())),
            static row => (Type: row.Text(), Contexts: row.Int64(), Revisions: row.Int64()),
            cancellationToken).ConfigureAwait(false);
        return new ContextCounts(
            types.ToDictionary(static type => type.Type, static type => type.Contexts, StringComparer.Ordinal), types.Sum(static type => type.Revisions));
    }

    // Of the parameters, which are the same for every row: asked once.
    private static string OfAsked(SightSql sql) => sql.OfResource("@resource_type", "@resource_id");

    private static string OfSession(SightSql sql) => sql.OfSession("@session_id");

    /// <summary>Contexts per type; then the next result.</summary>
    private static async ValueTask<Dictionary<string, long>> ReadTypesAsync(Npgsql.NpgsqlDataReader reader)
    {
        var types = await PostgreSqlDatabase.ReadAllAsync(reader, static row => (row.Text(), row.Int64())).ConfigureAwait(false);
        await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
        return types.ToDictionary(static pair => pair.Item1, static pair => pair.Item2, StringComparer.Ordinal);
    }

    private static bool IsOnlyType(ContextFilter filter) =>
        filter.NotStatuses.Count == 0
        && filter is { Type: not null, NotType: null, ParentId: null, Status: null, Triage: null, WorkspaceId: null, AgentId: null, Query: null };

    private static SqlPredicate HeadPredicate(ContextFilter filter)
    {
        var where = new SqlPredicate()
            .And("h.resource_type = @type", "type", filter.Type)
            .And("h.resource_type <> @not_type", "not_type", filter.NotType)
            .And("h.parent_id = @parent_id", "parent_id", filter.ParentId)
            .And("h.status = @status", "status", filter.Status)
            .And("h.triage = @triage", "triage", filter.Triage)
            .And("h.workspace_id = @workspace_id", "workspace_id", filter.WorkspaceId)
            .And("h.agent_id = @agent_id", "agent_id", filter.AgentId)
            // In the collation "C", lower() changes ASCII letters only, as the filter promises.
            .And(
                "(strpos(lower(h.title), lower(@query COLLATE \"C\")) > 0 OR strpos(lower(h.resource_id), lower(@query COLLATE \"C\")) > 0 "
                + "OR strpos(lower(h.metadata), lower(@query COLLATE \"C\")) > 0)",
                "query",
                filter.Query);
        for (var i = 0; i < filter.NotStatuses.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"not_status_{i}");
            where.And($"h.status <> @{name}", name, filter.NotStatuses[i]);
        }

        return where;
    }
}
