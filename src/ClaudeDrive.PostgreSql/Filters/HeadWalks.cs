using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;
using ClaudeDrive.PostgreSql.Connections;

namespace ClaudeDrive.PostgreSql.Filters;

/// <summary>
/// Lists of heads under a few scopes: each scope is walked along its own index from the newest row until the page is full, and the walks are merged. So
/// a page costs its rows times the scopes, however many contexts others have; and a total counts entries of those indexes.
/// </summary>
internal static class HeadWalks
{
    /// <summary>Scopes that are walked one by one. Beyond that one walk over all contexts asks of each. Chosen: a person is in few teams.</summary>
    public const int MaxScopes = 16;

    /// <summary>The condition of a page for <c>ListHeads</c>; it uses the page's own parameters.</summary>
    public static SqlPredicate List(Sight sight, ContextFilter filter, Func<SqlPredicate> conditions)
    {
        if (!Fits(sight, filter))
        {
            return conditions().And(sight, static sql => sql.OfHead("h"));
        }

        var sql = new SightSql(sight);
        var walks = Walks(sql, sight, filter, conditions().Text).Select(static walk =>
            $"({walk.Text} AND {walk.Position} < @before ORDER BY {walk.Position} DESC LIMIT @limit)");
        return conditions().Bindings().And($"h.revision_seq = ANY (ARRAY({string.Join(" UNION ALL ", walks)}))", sql.Values);
    }

    /// <summary>A query of the positions of all heads that are seen and match, each once.</summary>
    public static SqlPredicate Among(Sight sight, ContextFilter filter, Func<SqlPredicate> conditions)
    {
        var sql = new SightSql(sight);
        if (!Fits(sight, filter))
        {
            return conditions().Bindings().And(
                $"SELECT h.revision_seq FROM {{schema}}.contexts h WHERE {conditions().Text} AND {sql.OfHead("h")}", sql.Values);
        }

        // Where no context can be in two scopes, nothing needs to be compared.
        var union = AreApart(sight.Scopes) ? " UNION ALL " : " UNION ";
        var walks = string.Join(union, Walks(sql, sight, filter, conditions().Text).Select(static walk => walk.Text));
        return conditions().Bindings().And(walks, sql.Values);
    }

    // A filter by place is more selective than a scope may be, and threads are seen by their session's place.
    private static bool Fits(Sight sight, ContextFilter filter) =>
        sight.Scopes.Count <= MaxScopes
        && filter is { WorkspaceId: null, AgentId: null, ParentId: null }
        && filter.Type != ResourceKey.SessionThreadType;

    private static IEnumerable<Walk> Walks(SightSql sql, Sight sight, ContextFilter filter, string conditions)
    {
        var notThreads = filter.Type is null ? " AND h.resource_type <> 'session_thread'" : "";
        for (var i = 0; i < sight.Scopes.Count; i++)
        {
            yield return Of(sql, sight.Scopes[i], i, filter, $"{conditions}{notThreads}");
        }

        if (filter.Type is null && filter.NotType != ResourceKey.SessionThreadType)
        {
            yield return new Walk(
                $"SELECT h.revision_seq FROM {{schema}}.contexts h WHERE h.resource_type = 'session_thread' AND {conditions} AND {sql.OfHead("h")}",
                "h.revision_seq");
        }
    }

    private static Walk Of(SightSql sql, Scope scope, int number, ContextFilter filter, string conditions)
    {
        if (scope.Tag is null)
        {
            return new Walk(
                $"SELECT h.revision_seq FROM {{schema}}.contexts h WHERE {sql.OfScope(scope, number, "h")} AND {conditions}", "h.revision_seq");
        }

        var tagged = sql.OfTag(scope.Tag.Value, number, "t");
        var isTagOnly = scope == new Scope { Tag = scope.Tag } && filter with { Type = null, NotType = null, NotStatuses = [] } == new ContextFilter()
            && filter.NotStatuses.Count == 0;
        return isTagOnly
            // The type stands with the pair: the contexts need not be read.
            ? new Walk($"SELECT h.revision_seq FROM {{schema}}.context_tags h WHERE {sql.OfTag(scope.Tag.Value, number, "h")} AND {conditions}", "h.revision_seq")
            : new Walk(
                $"SELECT h.revision_seq FROM {{schema}}.context_tags t "
                + $"JOIN {{schema}}.contexts h ON h.resource_id = t.resource_id AND h.resource_type = t.resource_type "
                + $""
                + $"WHERE {tagged} AND {sql.OfScope(scope with { Tag = null }, number, "h")} AND {conditions}",
                "t.revision_seq");
    }

    private static bool AreApart(IReadOnlyList<Scope> scopes)
    {
        for (var i = 0; i < scopes.Count; i++)
        {
            for (var j = i + 1; j < scopes.Count; j++)
            {
                if (!scopes[i].IsApartFrom(scopes[j]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>One walk.</summary>
    /// <param name="Text">A query of positions, open for more conditions.</param>
    /// <param name="Position">What the walk's order is by.</param>
    private sealed record Walk(string Text, string Position);
}
