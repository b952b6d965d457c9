using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClaudeDrive.Tests.Fakes;

/// <summary>Applies <c>add</c>, <c>remove</c> and <c>replace</c> of RFC 6902 strictly: what the RFC calls an error throws.</summary>
internal static class JsonPatch
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    public static JsonNode? Apply(ReadOnlyMemory<byte> before, string patch)
    {
        var root = JsonNode.Parse(before.Span, documentOptions: Deep);
        foreach (var operation in JsonNode.Parse(patch, documentOptions: Deep)!.AsArray())
        {
            root = Apply(root, operation!.AsObject());
        }

        return root;
    }

    private static JsonNode? Apply(JsonNode? root, JsonObject operation)
    {
        var name = (string)operation["op"]!;
        var path = ((string)operation["path"]!).Split('/').Skip(1)
            .Select(static part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
        if (name != "remove" && !operation.ContainsKey("value"))
        {
            throw new InvalidOperationException("No value.");
        }

        var value = operation["value"]?.DeepClone();
        if (path.Length == 0)
        {
            return name == "replace" ? value : throw new InvalidOperationException($"{name} of the root.");
        }

        var parent = path[..^1].Aggregate(root, static (node, part) => node is JsonArray array ? array[Index(part, array.Count - 1)] : node!.AsObject()[part]);
        Change(parent!, name, path[^1], value);
        return root;
    }

    private static void Change(JsonNode parent, string name, string key, JsonNode? value)
    {
        switch (parent, name)
        {
            case (JsonArray array, "add"):
                array.Insert(Index(key, array.Count), value);
                break;
            case (JsonArray array, "remove"):
                array.RemoveAt(Index(key, array.Count - 1));
                break;
            case (JsonArray array, "replace"):
                array[Index(key, array.Count - 1)] = value;
                break;
            case (JsonObject @object, "add"):
                @object[key] = value;
                break;
            case (JsonObject @object, "remove"):
                Require(@object.Remove(key), key);
                break;
            case (JsonObject @object, "replace"):
                Require(@object.ContainsKey(key), key);
                @object[key] = value;
                break;
            default:
                throw new InvalidOperationException($"{name} at {parent.GetPath()}.");
        }
    }

    private static int Index(string text, int most)
    {
        var index = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, most);
        return index;
    }

    private static void Require(bool isThere, string key)
    {
        if (!isThere)
        {
            throw new InvalidOperationException($"{key} is not there.");
        }
    }
}
