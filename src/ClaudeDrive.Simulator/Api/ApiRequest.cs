using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.Simulator.Api;

/// <summary>One request as the routes see it: route values, query, body.</summary>
internal sealed class ApiRequest(HttpContext context, JsonObject body)
{
    /// <summary>The JSON body; empty when there was none.</summary>
    public JsonObject Body { get; } = body;

    /// <summary>A part of the path.</summary>
    public string Route(string name) => (string?)context.GetRouteValue(name) ?? "";

    /// <summary>The last value of a query parameter, or <see langword="null"/>.</summary>
    public string? Query(string name) => context.Request.Query.TryGetValue(name, out var values) ? values[^1] : null;

    /// <summary>Whether the client sent a beta value that starts with <paramref name="prefix"/>.</summary>
    public bool HasBeta(string prefix) => context.Request.Headers["anthropic-beta"].OfType<string>()
        .SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries))
        .Any(value => value.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>All values of a bracket array such as <c>statuses[]</c>; the plain name is read too.</summary>
    public IReadOnlyList<string> QueryArray(string name) =>
        [.. context.Request.Query[name + "[]"].Concat(context.Request.Query[name]).OfType<string>()];

    /// <summary>The query without the paging fields, in one text: what must not change while paging.</summary>
    public string FilterText() => string.Join('&', context.Request.Query
        .Where(pair => pair.Key is not ("page" or "limit" or "order" or "beta" or "after_id" or "before_id"))
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => pair.Key + "=" + string.Join(',', pair.Value.OfType<string>().Order(StringComparer.Ordinal))));

    /// <summary>A test for the <c>created_at[…]</c> filters; a malformed filter is reported through <paramref name="problem"/>.</summary>
    public Func<DateTimeOffset, bool>? CreatedFilter(out ApiAnswer? problem)
    {
        var tests = new List<Func<DateTimeOffset, bool>>();
        problem = null;
        foreach (var bound in (string[])["gt", "gte", "lt", "lte"])
        {
            if (Query($"created_at[{bound}]") is not { } text)
            {
                continue;
            }

            if (!WireTime.TryParse(text, out var limit))
            {
                problem = ApiAnswer.Invalid($"created_at[{bound}]: not an RFC 3339 time");
                return null;
            }

            tests.Add(bound switch
            {
                "gt" => at => at > limit,
                "gte" => at => at >= limit,
                "lt" => at => at < limit,
                _ => at => at <= limit,
            });
        }

        return at => tests.TrueForAll(test => test(at));
    }
}
