using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ClaudeDrive.Review;

/// <summary>Reads text fields of an answer.</summary>
internal static class AnswerText
{
    /// <summary>The text of a field; null when it is absent or no readable text.</summary>
    public static string? Find(JsonElement body, string name) => body.TryGetProperty(name, out var field) ? Find(field) : null;

    /// <summary>True for text of at most <paramref name="maxChars"/> characters.</summary>
    public static bool IsReadable(JsonElement text, int maxChars) => Find(text) is { } value && value.Length <= maxChars;

    /// <summary>Reads a field that may be absent or null; false when it is something else than text of that length.</summary>
    public static bool TryOptional(JsonElement body, string name, int maxChars, out string? text)
    {
        text = null;
        if (!body.TryGetProperty(name, out var field) || field.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        text = Find(body, name);
        return text is not null && text.Length <= maxChars;
    }

    /// <summary>Reads a field that must be there and not blank.</summary>
    public static bool TryRequired(JsonElement body, string name, int maxChars, [NotNullWhen(true)] out string? text)
    {
        text = Find(body, name);
        return !string.IsNullOrWhiteSpace(text) && text.Length <= maxChars;
    }

    private static string? Find(JsonElement field)
    {
        try
        {
            return field.ValueKind == JsonValueKind.String ? field.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // An escape of half a surrogate pair: no text.
            return null;
        }
    }
}
