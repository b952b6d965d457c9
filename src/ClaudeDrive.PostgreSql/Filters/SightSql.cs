using System.Globalization;
using ClaudeDrive.Access;
using ClaudeDrive.PostgreSql.Connections;

namespace ClaudeDrive.PostgreSql.Filters;

/// <summary>
/// A sight as SQL conditions, for a query that names its tables as said; the rules are those of <see cref="Sight"/>. The texts are fixed but for the
/// numbers of the parameters; what the scopes name only ever arrives as values. Conditions may be null, which a filter takes as false.
/// </summary>
internal sealed class SightSql(Sight sight)
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Values of the parameters that the conditions made so far name.</summary>
    public IEnumerable<KeyValuePair<string, string>> Values => _values;

    /// <summary>Of a context that is no thread: its own place.</summary>
    public string OfContext(string context) => AnyOf(sight.Scopes.Select((scope, number) => OfScope(scope, number, context)));

    /// <summary>Of a context that is no thread, by one of the scopes.</summary>
    public string OfScope(Scope scope, int number, string context) => AllOf(
        Equal(context, "organization_id", number, "o", scope.OrganizationId),
        Equal(context, "workspace_id", number, "w", scope.WorkspaceId),
        Equal(context, "agent_id", number, "a", scope.AgentId),
        scope.Tag is { } tag
            ? $"EXISTS (SELECT 1 FROM {{schema}}.context_tags t WHERE {OfTag(tag, number, "t")} AND t.resource_id = {context}.resource_id "
                + $"AND t.resource_type = {context}.resource_type)"
            : null);

    /// <summary>Of a row of the pairs.</summary>
    public string OfTag(MetadataTag tag, int number, string row) =>
        $"{row}.key = {Value(number, "k", tag.Key)} AND {row}.value = {Value(number, "v", tag.Value)}";

    /// <summary>Of any context: a thread's place is that of its session; while that has no head, its own organization and workspace.</summary>
    public string OfHead(string head) =>
        $"CASE WHEN {head}.resource_type = 'session_thread' THEN coalesce("
        + $"(SELECT coalesce({OfContext("p")}, false) FROM {{schema}}.contexts p WHERE p.resource_type = 'session' AND p.resource_id = {head}.parent_id), "
        + $"{OfBare(head)}) ELSE {OfContext(head)} END";

    /// <summary>Of what a session's context has, by the session's id.</summary>
    public string OfSession(string sessionId) =>
        $"EXISTS (SELECT 1 FROM {{schema}}.contexts c WHERE c.resource_type = 'session' AND c.resource_id = {sessionId} AND {OfContext("c")})";

    /// <summary>Of what a context has, by its key.</summary>
    public string OfResource(string type, string id) =>
        $"EXISTS (SELECT 1 FROM {{schema}}.contexts c WHERE c.resource_type = {type} AND c.resource_id = {id} AND {OfHead("c")})";

    /// <summary>Of an event: as its session's head, else its resource's; while there is none, by its own organization and workspace.</summary>
    public string OfEvent(string e) =>
        $"({e}.flags & 2 = 0 AND coalesce((SELECT coalesce({OfHead("c")}, false) FROM {{schema}}.contexts c WHERE c.resource_type = "
        + $"CASE WHEN {e}.session_id IS NOT NULL OR {e}.flags & 4 <> 0 THEN 'session' ELSE {e}.resource_type END "
        + $"AND c.resource_id = coalesce({e}.session_id, {e}.resource_id)), {OfBare(e)}))";

    /// <summary>Of a delivery: as its event; a refused one has none.</summary>
    public string OfDelivery(string d) =>
        $"({d}.outcome <> 3 AND CASE WHEN {d}.event_seq IS NOT NULL "
        + $"THEN EXISTS (SELECT 1 FROM {{schema}}.events v WHERE v.seq = {d}.event_seq AND {OfEvent("v")}) "
        + $"ELSE EXISTS (SELECT 1 FROM {{schema}}.events v WHERE v.event_id = {d}.event_id AND v.endpoint = {d}.endpoint AND {OfEvent("v")}) END)";

    /// <summary>Of a work row: as its resource's head; while there is none, as any of its pending events.</summary>
    public string OfWork(string w) =>
        $"coalesce((SELECT coalesce({OfHead("c")}, false) FROM {{schema}}.contexts c WHERE c.resource_type = {w}.resource_type AND c.resource_id = {w}.resource_id), "
        + $"EXISTS (SELECT 1 FROM {{schema}}.open_events o JOIN {{schema}}.events v ON v.seq = o.seq WHERE o.state = 0 "
        + $"AND o.resource_id = {w}.resource_id AND o.resource_type = {w}.resource_type AND {OfEvent("v")}))";

    // Of what no context tells about: only its own organization and workspace are known. Never null.
    private string OfBare(string row)
    {
        var scopes = sight.Scopes.Select(static (scope, number) => (scope, number)).Where(static s => s.scope is { AgentId: null, Tag: null });
        return $"coalesce({AnyOf(scopes.Select(s => OfScope(s.scope, s.number, row)))}, false)";
    }

    private string? Equal(string row, string column, int number, string part, string? value) =>
        value is null ? null : $"{row}.{column} = {Value(number, part, value)}";

    private string Value(int number, string part, string value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"s{number}{part}");
        _values[name] = value;
        return "@" + name;
    }

    private static string AnyOf(IEnumerable<string> terms) => string.Join(" OR ", terms) is { Length: > 0 } any ? $"({any})" : "false";

    private static string AllOf(params IEnumerable<string?> terms) => string.Join(" AND ", terms.OfType<string>()) is { Length: > 0 } all ? $"({all})" : "true";
}

/// <summary>Adds sights to the conditions of a list.</summary>
internal static class SightPredicate
{
    /// <summary>Adds what <paramref name="sight"/> shows: nothing for everything, which so costs nothing.</summary>
    public static SqlPredicate And(this SqlPredicate where, Sight sight, Func<SightSql, string> condition)
    {
        if (sight.IsEverything)
        {
            return where;
        }

        var sql = new SightSql(sight);
        return where.And(condition(sql), sql.Values);
    }
}
