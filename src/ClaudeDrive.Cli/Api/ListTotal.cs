using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Api;

/// <summary>The total of a list, for people.</summary>
internal static class ListTotal
{
    /// <summary>The number, with a plus behind it when the server did not count to the end; null when the list names none.</summary>
    public static string? Of(JsonElement list) => list.Number("total") is { } total
        ? FormattableString.Invariant($"{total}{(list.Child("total_exact") is { ValueKind: JsonValueKind.False } ? "+" : "")}")
        : null;
}
