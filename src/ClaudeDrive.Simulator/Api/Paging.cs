using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Opaque cursors over a sorted list (reference §3.3). Pure.</summary>
internal static class Paging
{
    /// <summary>Largest page the simulator gives; the real maximum is not stated.</summary>
    public const int MaxLimit = 1000;

    /// <summary>
    /// One page of <paramref name="items"/>, rendered. The cursor holds the order, a digest of the filters and the sort key it continues after,
    /// so items that come or go meanwhile neither repeat nor hide others.
    /// </summary>
    public static ApiAnswer Page<T>(ApiRequest request, IEnumerable<T> items, PageRules<T> rules)
    {
        var order = request.Query("order") ?? rules.DefaultOrder;
        if (order is not ("asc" or "desc"))
        {
            return ApiAnswer.Invalid("order: must be asc or desc");
        }

        if (!TryLimit(request.Query("limit"), rules.DefaultLimit, out var limit))
        {
            return ApiAnswer.Invalid($"limit: must be 1 to {MaxLimit}");
        }

        var digest = Digest(request.FilterText());
        Cursor? cursor = null;
        if (request.Query("page") is { Length: > 0 } text)
        {
            cursor = Cursor.Read(text);
            if (cursor is null || cursor.Order != order || cursor.Digest != digest)
            {
                return ApiAnswer.Invalid("page: cursor does not belong to this list, order and filters");
            }
        }

        return Render(items, rules, order, limit, digest, cursor);
    }

    private static ApiAnswer Render<T>(IEnumerable<T> items, PageRules<T> rules, string order, int limit, string digest, Cursor? cursor)
    {
        var sorted = items.OrderBy(rules.Key).ToList();
        if (order == "desc")
        {
            sorted.Reverse();
        }

        var start = cursor is null ? 0 : sorted.FindIndex(item => Beyond(rules.Key(item), cursor.Key, order, cursor.Backwards));
        start = start < 0 ? sorted.Count : start;
        if (cursor is { Backwards: true })
        {
            start = Math.Max(0, start - limit);
        }

        var page = sorted.Skip(start).Take(limit).ToList();
        var more = start + page.Count < sorted.Count;
        var next = more ? "\"" + new Cursor(order, digest, false, rules.Key(page[^1])).Write() + "\"" : "null";
        var tail = rules.WithPrevious
            ? ",\"prev_page\":" + (start > 0 && page.Count > 0 ? "\"" + new Cursor(order, digest, true, rules.Key(page[0])).Write() + "\"" : "null")
            : "";
        return ApiAnswer.Json("{\"data\":[" + string.Join(',', page.Select(rules.Render)) + "],\"next_page\":" + next + tail + "}");
    }

    /// <summary>Forward: the first item after the key. Backward: the first item at or after it, which ends the page before.</summary>
    private static bool Beyond(long key, long anchor, string order, bool backwards) =>
        (order, backwards) switch
        {
            ("asc", false) => key > anchor,
            ("asc", true) => key >= anchor,
            (_, false) => key < anchor,
            _ => key <= anchor,
        };

    private static bool TryLimit(string? text, int otherwise, out int limit)
    {
        limit = otherwise;
        return text is null || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit);
    }

    private static string Digest(string filters) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(filters)).AsSpan(0, 6));

    private sealed record Cursor(string Order, string Digest, bool Backwards, long Key)
    {
        public string Write() => Convert.ToBase64String(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{Order}|{Digest}|{(Backwards ? "p" : "n")}|{Key}"))).TrimEnd('=').Replace('+', '-').Replace('/', '_');

        public static Cursor? Read(string text)
        {
            var padded = text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '=');
            var buffer = new byte[padded.Length];
            if (!Convert.TryFromBase64String(padded, buffer, out var length))
            {
                return null;
            }

            var parts = Encoding.UTF8.GetString(buffer, 0, length).Split('|');
            return parts.Length == 4 && long.TryParse(parts[3], CultureInfo.InvariantCulture, out var key)
                ? new Cursor(parts[0], parts[1], parts[2] == "p", key)
                : null;
        }
    }
}
