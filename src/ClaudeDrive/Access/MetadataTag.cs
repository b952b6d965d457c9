using System.Text.Json;

namespace ClaudeDrive.Access;

/// <summary>One metadata pair of a resource, as Claude's API shows it; both parts are compared byte by byte.</summary>
/// <param name="Key">The name.</param>
/// <param name="Value">The value.</param>
internal readonly record struct MetadataTag(string Key, string Value)
{
    /// <summary>
    /// The pairs of a metadata object, without repeats: those whose value is text. Other values, and text that is not Unicode, match no grant. Empty
    /// for null and for what is no JSON object. Every store indexes exactly these.
    /// </summary>
    public static IReadOnlyList<MetadataTag> Read(string? metadataJson)
    {
        if (metadataJson is null)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(metadataJson);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static List<MetadataTag> Read(JsonElement metadata)
    {
        var tags = new List<MetadataTag>();
        foreach (var pair in metadata.EnumerateObject().Where(static pair => pair.Value.ValueKind == JsonValueKind.String))
        {
            if (TryRead(pair) is { } tag && !tags.Contains(tag))
            {
                tags.Add(tag);
            }
        }

        return tags;
    }

    private static MetadataTag? TryRead(JsonProperty pair)
    {
        try
        {
            return new MetadataTag(pair.Name, pair.Value.GetString()!);
        }
        catch (InvalidOperationException)
        {
            // An escape of half a surrogate pair: no text that a grant could name.
            return null;
        }
    }
}
