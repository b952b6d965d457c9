using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ClaudeDrive.Contexts;

/// <summary>Reads single fields of session events, tolerant of anything: what is not there or of another type is null.</summary>
internal static class SessionEventReader
{
    /// <summary>A text field.</summary>
    public static string? Text(JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>An RFC 3339 instant, in UTC and cut to the microsecond: what every store keeps.</summary>
    public static DateTimeOffset? Instant(JsonElement parent, string name) =>
        Text(parent, name) is { } text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? RevisionHash.Truncate(instant)
            : null;

    /// <summary>An object or array as JSON text.</summary>
    public static string? Json(JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var value)
        && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? value.GetRawText()
            : null;

    /// <summary>A member object.</summary>
    public static JsonElement Child(JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : default;

    /// <summary>The row of the transcript for an event as fetched; null when it has no id (previews of a stream do not belong in a history).</summary>
    public static SessionEventRecord? Record(JsonElement element) =>
        Text(element, "id") is { Length: > 0 } id
            ? new SessionEventRecord
            {
                EventId = id,
                Type = Text(element, "type") ?? "unknown",
                ProcessedAt = Instant(element, "processed_at"),
                Json = Encoding.UTF8.GetBytes(element.GetRawText()),
            }
            : null;
}
