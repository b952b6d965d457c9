using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Metadata patches: at most 16 pairs, keys of at most 64 and values of at most 512 characters; null deletes a key. Pure.</summary>
internal static class MetadataRules
{
    /// <summary>Applies <paramref name="patch"/> to <paramref name="metadata"/>; returns what is wrong, or <see langword="null"/>.</summary>
    public static string? Apply(IDictionary<string, string> metadata, JsonNode? patch)
    {
        if (patch is null)
        {
            return null;
        }

        if (patch is not JsonObject pairs)
        {
            return "metadata: must be an object";
        }

        foreach (var (name, node) in pairs)
        {
            if (node is null)
            {
                metadata.Remove(name);
            }
            else if (pairs.Text(name) is { Length: <= 512 } value && name.Length is > 0 and <= 64)
            {
                metadata[name] = value;
            }
            else
            {
                return "metadata: keys have 1 to 64 characters, values are strings of at most 512";
            }
        }

        return metadata.Count > 16 ? "metadata: at most 16 pairs" : null;
    }
}
