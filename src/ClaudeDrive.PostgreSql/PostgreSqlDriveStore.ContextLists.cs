using System.Globalization;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Rows;

namespace ClaudeDrive.PostgreSql;

/// <content>Reading contexts, revisions and transcripts.</content>
internal sealed partial class PostgreSqlDriveStore
{
    /// <inheritdoc/>
    public ValueTask<ContextHead?> FindHeadAsync(ResourceKey resource, CancellationToken cancellationToken) =>
        FirstAsync(Access.Read, use => Of(use("FindHead"), resource), static row => ContextRows.ReadHead(row).Head, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, DateTimeOffset?>> RecentEventIdsAsync(
        string sessionId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var recent = await AllAsync(
            Access.Read,
            use => use("RecentTranscriptEvents").Set("session_id", sessionId).Set("since", (DateTimeOffset?)since),
            static row => (row.Text(), ContextRows.ReadProcessedAt(row)),
            cancellationToken).ConfigureAwait(false);
        return recent.ToDictionary(static pair => pair.Item1, static pair => pair.Item2, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public ValueTask<Page<ContextHead>> ListHeadsAsync(ContextFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        // Types have counters; a page that nobody counts takes the same cheap way.
        var isByType = !page.Counted || HeadPredicate(filter).IsEmpty || IsOnlyType(filter);
        return Calls.RunAsync(
            Access.Read,
            () =>
            [
                isByType ? Use("CountContexts") : Use("CountHeads", HeadPredicate(filter)),
                PageCut.Bind(Use("ListHeads", HeadPredicate(filter)), page),
            ],
            async reader =>
            {
                var total = isByType
                    ? (await ReadTypesAsync(reader).ConfigureAwait(false)).Where(pair => filter.Type is null || pair.Key == filter.Type).Sum(static pair => pair.Value)
                    : await PostgreSqlDatabase.ReadNumberAsync(reader).ConfigureAwait(false);
                return PageCut.Cut(await PostgreSqlDatabase.ReadAllAsync(reader, ContextRows.ReadHead).ConfigureAwait(false), page, total);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Page<ContextRevision>> ListRevisionsAsync(ResourceKey resource, PageRequest page, CancellationToken cancellationToken) => PageAsync(
        () => Of(Use("CountRevisions"), resource),
        () => Of(Use("ListRevisions"), resource),
        static row =>
        {
            var revision = ContextRows.ReadRevision(row);
            return (revision, revision.Number);
        },
        page,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ContextRevision?> FindRevisionAsync(ResourceKey resource, int number, CancellationToken cancellationToken) =>
        FirstAsync(Access.Read, use => Of(use("FindRevision"), resource).Set("number", (int?)number), ContextRows.ReadRevision, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ContextRevision>> ReadRevisionsAsync(long afterSeq, int max, CancellationToken cancellationToken) =>
        AllAsync(Access.Read, use => use("ReadRevisions").Set("after", (long?)afterSeq).Set("limit", (long?)max), ContextRows.ReadRevision, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Page<SessionEventRecord>> ListTranscriptAsync(string sessionId, PageRequest page, CancellationToken cancellationToken)
    {
        var limit = PageCut.Limit(page);
        var skip = Math.Max(page.Before ?? 0, 0);
        return await Calls.RunAsync(
            Access.Read,
            () =>
            [
                Use("CountTranscript").Set("session_id", sessionId),
                Use("ListTranscript").Set("session_id", sessionId).Set("limit", (long?)limit).Set("skip", (long?)skip),
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
    public ValueTask<ContextCounts> CountContextsAsync(CancellationToken cancellationToken) => Calls.RunAsync(
        Access.Read,
        () => [Use("CountContexts"), Use("CountAllRevisions")],
        async reader => new ContextCounts(await ReadTypesAsync(reader).ConfigureAwait(false), await PostgreSqlDatabase.ReadNumberAsync(reader).ConfigureAwait(false)),
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> FindReaderAsync(string name, CancellationToken cancellationToken) =>
        FirstAsync(Access.Read, use => use("FindReader").Set("name", name), static row => row.Int64(), cancellationToken);

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
            .And("resource_type = @type", "type", filter.Type)
            .And("resource_type <> @not_type", "not_type", filter.NotType)
            .And("parent_id = @parent_id", "parent_id", filter.ParentId)
            .And("status = @status", "status", filter.Status)
            .And("triage = @triage", "triage", filter.Triage)
            .And("workspace_id = @workspace_id", "workspace_id", filter.WorkspaceId)
            .And("agent_id = @agent_id", "agent_id", filter.AgentId)
            // In the collation "C", lower() changes ASCII letters only, as the filter promises.
            .And(
                "(strpos(lower(title), lower(@query COLLATE \"C\")) > 0 OR strpos(lower(resource_id), lower(@query COLLATE \"C\")) > 0 "
                + "OR strpos(lower(metadata), lower(@query COLLATE \"C\")) > 0)",
                "query",
                filter.Query);
        for (var i = 0; i < filter.NotStatuses.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"not_status_{i}");
            where.And($"status <> @{name}", name, filter.NotStatuses[i]);
        }

        return where;
    }
}
