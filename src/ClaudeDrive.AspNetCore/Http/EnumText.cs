using System.Collections.Frozen;
using System.Text.Json;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>Names of enum values as the API writes them: snake_case, matched exactly.</summary>
internal static class EnumText<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<string, T> ByText =
        Enum.GetValues<T>().ToFrozenDictionary(v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()), StringComparer.Ordinal);

    private static readonly FrozenDictionary<T, string> ByValue = ByText.ToFrozenDictionary(p => p.Value, p => p.Key);

    /// <summary>Every name, in order of value.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<T>().Select(v => ByValue[v])];

    public static string Of(T value) => ByValue[value];

    public static T? Find(string text) => ByText.TryGetValue(text, out var value) ? value : null;
}
