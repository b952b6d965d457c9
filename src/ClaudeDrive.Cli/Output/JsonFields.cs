using System.Globalization;
using System.Text.Json;

namespace ClaudeDrive.Cli.Output;

/// <summary>Reads the server's JSON without insisting: a field that is missing or of another kind is simply absent.</summary>
internal static class JsonFields
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The first of these fields that is there and not null.</summary>
    public static JsonElement? Child(this JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var name in names)
        {
            if (element.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            {
                return value;
            }
        }

        return null;
    }

    public static string? Text(this JsonElement element, params ReadOnlySpan<string> names)
    {
        return element.Child(names)?.Plain();
    }

    public static long? Number(this JsonElement element, params ReadOnlySpan<string> names)
    {
        return element.Child(names) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number)
            ? (long)number
            : null;
    }

    public static DateTimeOffset? Instant(this JsonElement element, params ReadOnlySpan<string> names)
    {
        return element.Text(names) is { } text
            && DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : null;
    }

    /// <summary>The elements of an array field; nothing when it is missing or no array.</summary>
    public static IReadOnlyList<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> names)
    {
        return element.Child(names) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];
    }

    /// <summary>A value on one line: strings without quotes, everything else as compact JSON.</summary>
    public static string Plain(this JsonElement value)
    {
        return value.ValueKind switch
        {
            JsonValueKind.String => Unescaped(value),
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            JsonValueKind.Null or JsonValueKind.Undefined => string.Empty,
            _ => value.GetRawText(),
        };
    }

    /// <summary>A value over several lines, for reading.</summary>
    public static string Pretty(this JsonElement value)
    {
        try
        {
            return JsonSerializer.Serialize(value, Indented);
        }
        catch (Exception unpaired) when (unpaired is InvalidOperationException or ArgumentException or JsonException)
        {
            return value.GetRawText();
        }
    }

    public static bool IsEmpty(this JsonElement value)
    {
        return value.ValueKind switch
        {
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => !value.EnumerateObject().Any(),
            JsonValueKind.String => Unescaped(value).Length == 0,
            JsonValueKind.Null or JsonValueKind.Undefined => true,
            _ => false,
        };
    }

    /// <summary>Half a surrogate pair is valid JSON but no text: then the string is shown as it was written.</summary>
    private static string Unescaped(JsonElement text)
    {
        try
        {
            return text.GetString() ?? string.Empty;
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText();
        }
    }
}
