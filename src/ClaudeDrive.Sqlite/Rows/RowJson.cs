using System.Text.Json;
using System.Text.Json.Serialization;
using ClaudeDrive.Contexts;

namespace ClaudeDrive.Sqlite.Rows;

/// <summary>Small lists that are always read whole are kept as JSON in one column.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<Blocker>))]
[JsonSerializable(typeof(IEnumerable<string[]>))]
internal sealed partial class RowJson : JsonSerializerContext
{
    /// <summary>Writes ids.</summary>
    public static string Write(IReadOnlyList<string> ids) => JsonSerializer.Serialize(ids, Default.IReadOnlyListString);

    /// <summary>Writes blockers.</summary>
    public static string Write(IReadOnlyList<Blocker> blockers) => JsonSerializer.Serialize(blockers, Default.IReadOnlyListBlocker);

    /// <summary>Writes pairs.</summary>
    public static string Write(IEnumerable<string[]> pairs) => JsonSerializer.Serialize(pairs, Default.IEnumerableStringArray);

    /// <summary>Reads ids.</summary>
    public static IReadOnlyList<string> ReadIds(string json) => JsonSerializer.Deserialize(json, Default.IReadOnlyListString)!;

    /// <summary>Reads blockers.</summary>
    public static IReadOnlyList<Blocker> ReadBlockers(string json) => JsonSerializer.Deserialize(json, Default.IReadOnlyListBlocker)!;
}
