using System.Text.Json;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>
/// Reads the fields of a body, as <see cref="ListQuery"/> reads a query: remembers the first problem, which names its field. Absent and null are the
/// same; text has no control characters.
/// </summary>
internal sealed class BodyFields(JsonElement body)
{
    /// <summary>The first problem; null when there is none.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>Text of 1 to <paramref name="maxChars"/> characters; null when it is absent or refused.</summary>
    public string? Text(string name, int maxChars)
    {
        if (Find(name) is not { } field)
        {
            return null;
        }

        if (field.ValueKind == JsonValueKind.String && field.GetString() is { } text && PlainText.IsPlain(text, maxChars))
        {
            return text;
        }

        Refuse(name, $"The value must be text of 1 to {maxChars} characters without control characters.");
        return null;
    }

    /// <summary>As <see cref="Text"/>, and it must be there; empty when it was refused.</summary>
    public string Required(string name, int maxChars)
    {
        var text = Text(name, maxChars);
        if (text is null)
        {
            Refuse(name, "The field must be given.");
        }

        return text ?? string.Empty;
    }

    /// <summary>A value by its name; null when it is absent or refused.</summary>
    public T? Enum<T>(string name)
        where T : struct, Enum
    {
        if (Text(name, ListQuery.MaxValueChars) is not { } text)
        {
            return null;
        }

        var value = EnumText<T>.Find(text);
        if (value is null)
        {
            Refuse(name, $"The value must be one of {string.Join(", ", EnumText<T>.All)}.");
        }

        return value;
    }

    /// <summary>An instant; null when it is absent or refused.</summary>
    public DateTimeOffset? Instant(string name)
    {
        if (Text(name, ListQuery.MaxValueChars) is not { } text)
        {
            return null;
        }

        var value = InstantText.Find(text);
        if (value is null)
        {
            Refuse(name, "The value must be an RFC 3339 time such as 2026-03-18T14:05:22.5Z.");
        }

        return value;
    }

    /// <summary>A whole number of a range; null when it is absent or refused.</summary>
    public int? Number(string name, int min, int max)
    {
        if (Find(name) is not { } field)
        {
            return null;
        }

        if (field.ValueKind == JsonValueKind.Number && field.TryGetInt32(out var number) && number >= min && number <= max)
        {
            return number;
        }

        Refuse(name, $"The value must be a whole number from {min} to {max}.");
        return null;
    }

    /// <summary>The fields of an object; null when it is absent or refused.</summary>
    public JsonElement? Object(string name)
    {
        if (Find(name) is not { } field)
        {
            return null;
        }

        if (field.ValueKind == JsonValueKind.Object)
        {
            return field;
        }

        Refuse(name, "The value must be an object.");
        return null;
    }

    /// <summary>The items of a list of at most <paramref name="max"/>; empty when it is absent or refused.</summary>
    public IReadOnlyList<JsonElement> Items(string name, int max)
    {
        if (Find(name) is not { } field)
        {
            return [];
        }

        if (field.ValueKind == JsonValueKind.Array && field.GetArrayLength() <= max)
        {
            return [.. field.EnumerateArray()];
        }

        Refuse(name, $"The value must be a list of at most {max}.");
        return [];
    }

    /// <summary>Refuses fields beyond these: where one that is misspelt would widen what is given.</summary>
    public void Only(params ReadOnlySpan<string> names)
    {
        foreach (var field in body.EnumerateObject())
        {
            if (!names.Contains(field.Name))
            {
                Problem ??= Problem.BadParameter("body", $"The fields are {string.Join(", ", names!)}.");
            }
        }
    }

    public void Refuse(string name, string detail) => Problem ??= Problem.BadParameter(name, detail);

    private JsonElement? Find(string name) => body.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;
}
