using System.Globalization;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Sqlite.Rows;
using ClaudeDrive.Sqlite.Writing;

namespace ClaudeDrive.Sqlite;

/// <content>Reading contexts, revisions and transcripts.</content>
internal sealed partial class SqliteDriveStore
{
    /// <inheritdoc/>
    public ValueTask<ContextHead?> FindHeadAsync(ResourceKey resource, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            using var find = database.Use("FindHead").Set("resource_type", resource.Type).Set("resource_id", resource.Id);
            return find.Step() ? ContextRows.ReadHead(find).Head : null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, DateTimeOffset?>> RecentEventIdsAsync(
        string sessionId, DateTimeOffset since, CancellationToken cancellationToken) => ReadAsync(
        IReadOnlyDictionary<string, DateTimeOffset?> (database) =>
        {
            var recent = new Dictionary<string, DateTimeOffset?>(StringComparer.Ordinal);
            using var rows = database.Use("RecentTranscriptEvents").Set("session_id", sessionId).Set("since", since);
            while (rows.Step())
            {
                recent.Add(rows.Text(), ContextRows.ReadProcessedAt(rows));
            }

            return recent;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Page<ContextHead>> ListHeadsAsync(ContextFilter filter, PageRequest page, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            var where = HeadPredicate(filter);
            var total = page.Counted ? CountHeads(database, filter, where) : 0;
            using var rows = PageCut.Bind(database.Use("ListHeads", where), page);
            return PageCut.Read(rows, page, total, ContextRows.ReadHead);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Page<ContextRevision>> ListRevisionsAsync(ResourceKey resource, PageRequest page, CancellationToken cancellationToken) =>
        ReadAsync(
            database =>
            {
                using var count = OfResource(database.Use("CountRevisions"), resource);
                var total = PageCut.ReadNumber(count);
                using var rows = PageCut.Bind(OfResource(database.Use("ListRevisions"), resource), page);
                return PageCut.Read(rows, page, total, static row =>
                {
                    var revision = ContextRows.ReadRevision(row);
                    return (revision, revision.Number);
                });
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ContextRevision?> FindRevisionAsync(ResourceKey resource, int number, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            using var find = OfResource(database.Use("FindRevision"), resource).Set("number", number);
            return find.Step() ? ContextRows.ReadRevision(find) : null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ContextRevision>> ReadRevisionsAsync(long afterSeq, int max, CancellationToken cancellationToken) => ReadAsync(
        IReadOnlyList<ContextRevision> (database) =>
        {
            using var rows = database.Use("ReadRevisions").Set("after", afterSeq).Set("limit", max);
            return PageCut.ReadAll(rows, ContextRows.ReadRevision);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Page<SessionEventRecord>> ListTranscriptAsync(string sessionId, PageRequest page, CancellationToken cancellationToken) =>
        ReadAsync(
            database =>
            {
                using var count = database.Use("CountTranscript").Set("session_id", sessionId);
                var total = PageCut.ReadNumber(count);
                var skip = Math.Clamp(page.Before ?? 0, 0, total);
                using var rows = database.Use("ListTranscript").Set("session_id", sessionId).Set("limit", PageCut.Limit(page)).Set("skip", skip);
                var items = PageCut.ReadAll(rows, ContextRows.ReadTranscriptEvent);
                long? next = skip + items.Count < total ? skip + items.Count : null;
                return new Page<SessionEventRecord>(items, next, total);
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ContextCounts> CountContextsAsync(CancellationToken cancellationToken) => ReadAsync(
        database => new ContextCounts(ReadCounters(database, Counters.Contexts), ReadCounter(database, Counters.Revisions)),
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> FindReaderAsync(string name, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            using var find = database.Use("FindReader").Set("name", name);
            return PageCut.ReadNumber(find);
        },
        cancellationToken);

    private static SqliteStatement OfResource(SqliteStatement statement, ResourceKey resource) =>
        statement.Set("resource_id", resource.Id).Set("resource_type", resource.Type);

    private static long CountHeads(SqliteDatabase database, ContextFilter filter, SqlPredicate where)
    {
        if (where.IsEmpty)
        {
            return ReadCounters(database, Counters.Contexts).Values.Sum();
        }

        return filter.Type is { } type && filter with { NotStatuses = [] } == new ContextFilter { Type = type } && filter.NotStatuses.Count == 0
            ? ReadCounter(database, Counters.Context(type))
            : Count(database, "CountHeads", where);
    }

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
            // SQLite's lower() changes ASCII letters only, as the filter promises.
            .And(
                "(instr(lower(title), lower(@query)) OR instr(lower(resource_id), lower(@query)) OR instr(lower(metadata), lower(@query)))",
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
