using System.Buffers;
using System.Text.Json;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>
/// Writes a JSON Patch (RFC 6902) from one snapshot to another: objects member by member, arrays by their common head and tail. Correct, not
/// always shortest.
/// </summary>
internal static class SnapshotDiff
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 1000 };

    public static ReadOnlyMemory<byte> Write(ReadOnlyMemory<byte> from, ReadOnlyMemory<byte> to)
    {
        using var a = JsonDocument.Parse(from, Options);
        using var b = JsonDocument.Parse(to, Options);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            Compare(writer, string.Empty, a.RootElement, b.RootElement);
            writer.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    private static void Compare(Utf8JsonWriter writer, string path, JsonElement a, JsonElement b)
    {
        if (JsonElement.DeepEquals(a, b))
        {
            return;
        }

        switch (a.ValueKind, b.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                CompareObjects(writer, path, a, b);
                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                CompareArrays(writer, path, a, b);
                break;
            default:
                Operation(writer, "replace", path, b);
                break;
        }
    }

    private static void CompareObjects(Utf8JsonWriter writer, string path, JsonElement a, JsonElement b)
    {
        foreach (var member in a.EnumerateObject())
        {
            var inner = $"{path}/{Escape(member.Name)}";
            if (b.TryGetProperty(member.Name, out var other))
            {
                Compare(writer, inner, member.Value, other);
            }
            else
            {
                Operation(writer, "remove", inner, null);
            }
        }

        foreach (var member in b.EnumerateObject())
        {
            if (!a.TryGetProperty(member.Name, out _))
            {
                Operation(writer, "add", $"{path}/{Escape(member.Name)}", member.Value);
            }
        }
    }

    private static void CompareArrays(Utf8JsonWriter writer, string path, JsonElement a, JsonElement b)
    {
        var (left, right) = (a.EnumerateArray().ToArray(), b.EnumerateArray().ToArray());
        var head = 0;
        while (head < left.Length && head < right.Length && JsonElement.DeepEquals(left[head], right[head]))
        {
            head++;
        }

        var tail = 0;
        while (tail < left.Length - head && tail < right.Length - head && JsonElement.DeepEquals(left[^(tail + 1)], right[^(tail + 1)]))
        {
            tail++;
        }

        var (removed, added) = (left.Length - head - tail, right.Length - head - tail);
        var shared = Math.Min(removed, added);
        for (var i = head; i < head + shared; i++)
        {
            Compare(writer, $"{path}/{i}", left[i], right[i]);
        }

        // From the back, so that the positions before it stay true.
        for (var i = head + removed - 1; i >= head + shared; i--)
        {
            Operation(writer, "remove", $"{path}/{i}", null);
        }

        for (var i = head + shared; i < head + added; i++)
        {
            Operation(writer, "add", $"{path}/{i}", right[i]);
        }
    }

    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static void Operation(Utf8JsonWriter writer, string op, string path, JsonElement? value)
    {
        writer.WriteStartObject();
        writer.WriteString("op", op);
        writer.WriteString("path", path);
        if (value is { } element)
        {
            writer.WritePropertyName("value");
            element.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
