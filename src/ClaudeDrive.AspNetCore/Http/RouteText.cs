using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>Reads ids from the path: opaque, any printable text.</summary>
internal static class RouteText
{
    /// <summary>Longest id, in characters, as for filters.</summary>
    private const int MaxChars = ListQuery.MaxValueChars;

    /// <summary>The id, or a problem when it cannot be one.</summary>
    public static (string Value, Problem? Problem) Read(HttpContext context, string name)
    {
        // The server decodes every escape but that of the slash, which would change the path's shape.
        var value = (context.GetRouteValue(name) as string ?? string.Empty).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return PlainText.IsPlain(value, MaxChars)
            ? (value, null)
            : (string.Empty, Problem.BadParameter(name, $"An id has 1 to {MaxChars} printable characters."));
    }
}
