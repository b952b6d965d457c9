using System.Globalization;
using System.Text;
using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Api;

/// <summary>Reads one page of a list, or all of them.</summary>
internal static class ListPages
{
    /// <summary>More rows than this are refused: a person cannot read them, and a script should page.</summary>
    private const int MostRows = 100_000;

    /// <summary>Follows <c>next_cursor</c> to the end and returns one list document with every row.</summary>
    public static async Task<ApiDocument> ReadAllAsync(
        ApiClient api, string path, IReadOnlyList<KeyValuePair<string, string>> query, CancellationToken cancellationToken)
    {
        var first = await api.GetAsync(ApiPath.WithQuery(path, query), cancellationToken);
        var rows = new List<JsonElement>(first.Root.Items("data"));
        var cursor = first.Root.Text("next_cursor");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!string.IsNullOrEmpty(cursor))
        {
            if (!seen.Add(cursor))
            {
                throw new CliException("the server gave the same next_cursor twice, so the list has no end");
            }

            if (rows.Count > MostRows)
            {
                throw new CliException(FormattableString.Invariant($"more than {MostRows} rows"))
                {
                    NextStep = "narrow the filters, or read page by page with --limit and --cursor",
                };
            }

            var page = await api.GetAsync(ApiPath.WithQuery(path, [.. query, new("cursor", cursor)]), cancellationToken);
            rows.AddRange(page.Root.Items("data"));
            cursor = page.Root.Text("next_cursor");
        }

        return Join(first, rows);
    }

    private static ApiDocument Join(ApiDocument first, List<JsonElement> rows)
    {
        // All of them were read: they are as many as they are.
        var total = Math.Max(first.Root.Number("total") ?? 0, rows.Count);
        var text = new StringBuilder("{\"data\":[")
            .AppendJoin(',', rows.Select(row => row.GetRawText()))
            .Append("],\"next_cursor\":null,\"total\":")
            .Append(total.ToString(CultureInfo.InvariantCulture))
            .Append(",\"total_exact\":true}")
            .ToString();
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 256 });
        return new ApiDocument(first.Status, text, document.RootElement.Clone());
    }
}
