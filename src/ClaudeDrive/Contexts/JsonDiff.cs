using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ClaudeDrive.Hydration;

namespace ClaudeDrive.Contexts;

/// <summary>
/// Structural difference of two JSON documents as a JSON Patch (RFC 6902) of <c>add</c>, <c>remove</c> and <c>replace</c>. Applying it to the
/// first gives a document equal to the second. Arrays: the common head and tail stay, the middle is compared position by position.
/// </summary>
internal static class JsonDiff
{
    /// <summary>The patch as JSON text; <c>[]</c> when equal.</summary>
    public static string Create(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        using var first = ApiJson.Parse(before);
        using var second = ApiJson.Parse(after);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            Compare(writer, "", first.RootElement, second.RootElement);
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Compare(Utf8JsonWriter writer, string path, JsonElement before, JsonElement after)
    {
        if (JsonElement.DeepEquals(before, after))
        {
            return;
        }

        if (before.ValueKind is JsonValueKind.Object && after.ValueKind is JsonValueKind.Object)
        {
            CompareObjects(writer, path, before, after);
        }
        else if (before.ValueKind is JsonValueKind.Array && after.ValueKind is JsonValueKind.Array)
        {
            CompareArrays(writer, path, before, after);
        }
        else
        {
            Write(writer, "replace", path, after);
        }
    }

    private static void CompareObjects(Utf8JsonWriter writer, string path, JsonElement before, JsonElement after)
    {
        // The last of duplicate names counts, as for every reader of the API's objects.
        foreach (var name in Names(before))
        {
            var at = $"{path}/{Escape(name)}";
            if (after.TryGetProperty(name, out var value))
            {
                Compare(writer, at, before.GetProperty(name), value);
            }
            else
            {
                Write(writer, "remove", at, null);
            }
        }

        foreach (var name in Names(after))
        {
            if (!before.TryGetProperty(name, out _))
            {
                Write(writer, "add", $"{path}/{Escape(name)}", after.GetProperty(name));
            }
        }
    }

    private static void CompareArrays(Utf8JsonWriter writer, string path, JsonElement before, JsonElement after)
    {
        int oldLength = before.GetArrayLength(), newLength = after.GetArrayLength(), shorter = Math.Min(oldLength, newLength);
        var head = 0;
        while (head < shorter && JsonElement.DeepEquals(before[head], after[head]))
        {
            head++;
        }

        var tail = 0;
        while (tail < shorter - head && JsonElement.DeepEquals(before[oldLength - 1 - tail], after[newLength - 1 - tail]))
        {
            tail++;
        }

        var shared = shorter - head - tail;
        for (var index = head; index < head + shared; index++)
        {
            Compare(writer, Index(path, index), before[index], after[index]);
        }

        for (var index = oldLength - tail - 1; index >= head + shared; index--)
        {
            Write(writer, "remove", Index(path, index), null);
        }

        for (var index = head + shared; index < newLength - tail; index++)
        {
            Write(writer, "add", Index(path, index), after[index]);
        }
    }

    private static IEnumerable<string> Names(JsonElement element) =>
        element.EnumerateObject().Select(static property => property.Name).Distinct(StringComparer.Ordinal);

    private static string Index(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}/{index}");

    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal); // RFC 6901 §3.

    private static void Write(Utf8JsonWriter writer, string operation, string path, JsonElement? value)
    {
        writer.WriteStartObject();
        writer.WriteString("op", operation);
        writer.WriteString("path", path);
        if (value is { } element)
        {
            writer.WritePropertyName("value");
            element.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
