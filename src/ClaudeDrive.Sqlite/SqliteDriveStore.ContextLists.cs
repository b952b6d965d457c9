using System.Globalization;
using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Sqlite.Filters;
using ClaudeDrive.Sqlite.Rows;
using ClaudeDrive.Sqlite.Writing;

namespace ClaudeDrive.Sqlite;

/// <content>Reading contexts, revisions and transcripts.</content>
internal sealed partial class SqliteDriveStore
{
    /// <inheritdoc/>
    public ValueTask<ContextHead?> FindHeadAsync(Sight sight, ResourceKey resource, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            using var find = (sight.IsEverything ? database.Use("FindHead") : database.Use("FindHeadSeen", SeenHead(sight)))
                .Set("resource_type", resource.Type).Set("resource_id", resource.Id);
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
    public ValueTask<Page<ContextHead>> ListHeadsAsync(
        Sight sight, ContextFilter filter, PageRequest page, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            if (sight.IsNothing)
            {
                return new Page<ContextHead>([], null, 0);
            }

            var where = sight.IsEverything ? HeadPredicate(filter) : HeadWalks.List(sight, filter, () => HeadPredicate(filter));
            var total = page.Counted ? CountHeads(database, sight, filter) : new RowTotal(0);
            using var rows = PageCut.Bind(database.Use("ListHeads", where), page);
            return PageCut.Read(rows, page, total, ContextRows.ReadHead);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Page<ContextRevision>> ListRevisionsAsync(
        Sight sight, ResourceKey resource, PageRequest page, CancellationToken cancellationToken) =>
        ReadAsync(
            database =>
            {
                if (!Sees(database, sight, resource))
                {
                    return new Page<ContextRevision>([], null, 0);
                }

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
    public ValueTask<ContextRevision?> FindRevisionAsync(Sight sight, ResourceKey resource, int number, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            if (!Sees(database, sight, resource))
            {
                return null;
            }

            using var find = OfResource(database.Use("FindRevision"), resource).Set("number", number);
            return find.Step() ? ContextRows.ReadRevision(find) : null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Tail<ContextRevision>> ReadRevisionsAsync(Sight sight, long afterSeq, int max, CancellationToken cancellationToken) => ReadTailAsync(
        new TailStatements<ContextRevision>(
            "ReadRevisions", "NewestRevisionSeq", static sql => sql.OfResource("revisions.resource_type", "revisions.resource_id"),
            ContextRows.ReadRevision, static revision => revision.Seq),
        sight, afterSeq, max, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Page<SessionEventRecord>> ListTranscriptAsync(
        Sight sight, string sessionId, PageRequest page, CancellationToken cancellationToken) =>
        ReadAsync(
            database =>
            {
                if (!Sees(database, sight, ResourceKey.Session(sessionId)))
                {
                    return new Page<SessionEventRecord>([], null, 0);
                }

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
    public ValueTask<ContextCounts> CountContextsAsync(Sight sight, CancellationToken cancellationToken) => ReadAsync(
        database => sight.IsEverything
            ? new ContextCounts(ReadCounters(database, Counters.Contexts), ReadCounter(database, Counters.Revisions))
            : CountSeen(database, sight),
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

    private static ContextCounts CountSeen(SqliteDatabase database, Sight sight)
    {
        var byType = new Dictionary<string, long>(StringComparer.Ordinal);
        long revisions = 0;
        if (!sight.IsNothing)
        {
            using var rows = database.Use("CountTypesAmong", HeadWalks.Among(sight, new ContextFilter(), static () => new SqlPredicate()));
            while (rows.Step())
            {
                byType.Add(rows.Text(), rows.Int64());
                revisions += rows.Int64();
            }
        }

        return new ContextCounts(byType, revisions);
    }

    private static RowTotal CountHeads(SqliteDatabase database, Sight sight, ContextFilter filter)
    {
        if (!sight.IsEverything)
        {
            return Count(database, "CountHeadsAmong", HeadWalks.Among(sight, filter, () => HeadPredicate(filter)));
        }

        var where = HeadPredicate(filter);
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
            .And("h.resource_type = @type", "type", filter.Type)
            .And("h.resource_type <> @not_type", "not_type", filter.NotType)
            .And("h.parent_id = @parent_id", "parent_id", filter.ParentId)
            .And("h.status = @status", "status", filter.Status)
            .And("h.triage = @triage", "triage", filter.Triage)
            .And("h.workspace_id = @workspace_id", "workspace_id", filter.WorkspaceId)
            .And("h.agent_id = @agent_id", "agent_id", filter.AgentId)
            // SQLite's lower() changes ASCII letters only, as the filter promises.
            .And(
                "(instr(lower(h.title), lower(@query)) OR instr(lower(h.resource_id), lower(@query)) "
                + "OR instr(lower(h.metadata), lower(@query)))",
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
