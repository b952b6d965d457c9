using System.Text;
using System.Text.Json;
using ClaudeDrive.Hydration;
using ClaudeDrive.Redaction;

namespace ClaudeDrive.Contexts.Search;

/// <summary>
/// The texts of a document that are searched, always of its stored, redacted form. A context: title, agent's name, id, metadata. A session event: every text in
/// it but ids, types and instants of the event itself; numbers too where they are arguments.
/// </summary>
internal static class SearchText
{
    /// <summary>Of a context.</summary>
    public static IEnumerable<string> Of(ContextHead head)
    {
        List<string> texts = [];
        texts.AddRange(new[] { head.Title, head.AgentName, head.Resource.Id }.OfType<string>());
        if (head.MetadataJson is { } metadata)
        {
            Read(texts, Encoding.UTF8.GetBytes(metadata), static (into, pair) =>
            {
                into.Add(pair.Name);
                Add(into, pair.Value, withNumbers: true);
            });
        }

        return texts;
    }

    /// <summary>Of a session event.</summary>
    public static IEnumerable<string> Of(SessionEventRecord record)
    {
        List<string> texts = [];
        Read(texts, record.Json, static (into, member) =>
        {
            if (!Redactor.IsKept(member.Name))
            {
                Add(into, member.Value, withNumbers: member.NameEquals("input"));
            }
        });
        return texts;
    }

    // What cannot be read has no words: a document that is stored all the same must not be refused because nobody could search it.
    private static void Read(List<string> texts, ReadOnlyMemory<byte> json, Action<List<string>, JsonProperty> each)
    {
        try
        {
            using var document = ApiJson.Parse(json);
            if (document.RootElement.ValueKind is JsonValueKind.Object)
            {
                foreach (var member in document.RootElement.EnumerateObject())
                {
                    each(texts, member);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second: text that is half a surrogate pair. What was read before it is found.
        }
    }

    private static void Add(List<string> texts, JsonElement value, bool withNumbers)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                texts.Add(value.GetString()!);
                break;
            case JsonValueKind.Number when withNumbers:
                texts.Add(value.GetRawText());
                break;
            case JsonValueKind.Array:
                foreach (var element in value.EnumerateArray())
                {
                    Add(texts, element, withNumbers);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject().Where(static member => !member.NameEquals("type")))
                {
                    Add(texts, member.Value, withNumbers);
                }

                break;
            default:
                break;
        }
    }
}
