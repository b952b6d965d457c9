using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace ClaudeDrive.Simulator;

/// <summary>How JSON is written, and short readers for untrusted JSON.</summary>
internal static class WireJson
{
    /// <summary>Compact, non-ASCII text left readable. Never used inside HTML.</summary>
    public static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The string under <paramref name="name"/>, or <see langword="null"/> when absent or of another kind.</summary>
    public static string? Text(this JsonObject node, string name) =>
        node[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The number under <paramref name="name"/>, or <see langword="null"/> when absent or of another kind.</summary>
    public static double? Number(this JsonObject node, string name) =>
        node[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            ? double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
            : null;

    /// <summary>The truth value under <paramref name="name"/>, or <see langword="null"/> when absent or of another kind.</summary>
    public static bool? Flag(this JsonObject node, string name) =>
        node[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    /// <summary>An array of strings.</summary>
    public static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode?)JsonValue.Create(value))]);

    /// <summary>One text block in an array, the usual content of a message.</summary>
    public static JsonArray TextContent(string text) => new(new JsonObject { ["type"] = "text", ["text"] = text });
}
