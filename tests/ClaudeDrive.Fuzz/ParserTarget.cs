using System.Text.Json;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Fuzz;

/// <summary>
/// The body of a webhook, and JSON of the API. <see cref="EventBody"/> must read exactly the JSON that .NET's own document reader reads, and find exactly
/// the same texts in it.
/// </summary>
internal sealed class ParserTarget : IFuzzTarget
{
    private static readonly Dictionary<string, EventField> Names =
        Enum.GetValues<EventField>().Where(static f => f != EventField.Unknown)
            .ToDictionary(static f => JsonNamingPolicy.SnakeCaseLower.ConvertName(f.ToString()), StringComparer.Ordinal);

    private static readonly WebhookDialects[] Enabled = [WebhookDialects.Standard, WebhookDialects.Guide, WebhookDialects.All];

    public string Name => "parser";

    public IReadOnlyList<byte[]> Tokens { get; } = Payloads.Texts(
        [.. Names.Keys.Select(static name => $"\"{name}\":"), "\"event\"", "\"session.status_idled\"", "\"\\u0000\"", "\"\\ud800\"", "\\u0069", "null", "1e999", "{", "}", "[", "]", ","]);

    public IEnumerable<byte[]> Seeds() =>
    [
        .. Payloads.All, .. Payloads.Texts("{}", "[]", "null", "\"\"", "{\"a\":[[[[{}]]]]}", "{\"\\u0069d\":\"\\u0041\",\"id\":\"b\"}", new string('[', 64) + new string(']', 64)),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var bytes = input.ToArray();
        var isRead = EventBody.TryRead(input, out var body);
        using var document = Parse(bytes);
        FindingException.Unless(isRead == document is not null, $"we read it: {isRead}, the document reader does: {document is not null}");
        if (document is not null)
        {
            Compare(in body, document.RootElement);
        }

        CheckEnvelopes(in body, bytes);
        CheckJson(bytes);
    }

    private static JsonDocument? Parse(byte[] bytes)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = EventBody.MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Compare(in EventBody body, JsonElement root)
    {
        var hasUnusable = false;
        Dictionary<EventField, string?> top = [], data = [], resource = [];
        if (root.ValueKind == JsonValueKind.Object)
        {
            Read(root, top, ref hasUnusable, (field, value) =>
            {
                var target = field == EventField.Data ? data : resource;
                target.Clear();
                return target;
            });
        }

        FindingException.Unless(body.HasUnusableText == hasUnusable, $"unusable text: {body.HasUnusableText}, should be {hasUnusable}");
        for (var field = EventField.Id; field < EventField.CreatedAt; field++)
        {
            FindingException.Unless(body.Top.Get(field) == top.GetValueOrDefault(field), $"top {field}: {body.Top.Get(field)}");
            FindingException.Unless(body.Data.Get(field) == data.GetValueOrDefault(field), $"data {field}: {body.Data.Get(field)}");
            FindingException.Unless(body.Reference.Get(field) == resource.GetValueOrDefault(field), $"resource {field}: {body.Reference.Get(field)}");
        }
    }

    private static void Read(
        JsonElement element, Dictionary<EventField, string?> values, ref bool hasUnusable, Func<EventField, JsonElement, Dictionary<EventField, string?>>? nested)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (!Names.TryGetValue(NameOf(property), out var field) || field == EventField.CreatedAt)
            {
                continue;
            }

            if (field is EventField.Data or EventField.Resource)
            {
                if (nested?.Invoke(field, property.Value) is { } target && property.Value.ValueKind == JsonValueKind.Object)
                {
                    Read(property.Value, target, ref hasUnusable, null);
                }

                continue;
            }

            values[field] = Text(property.Value, ref hasUnusable);
        }
    }

    private static string? Text(JsonElement value, ref bool hasUnusable)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetRawText() == "\"\"")
        {
            return null;
        }

        try
        {
            var text = value.GetString()!;
            if (text.Length <= EventBody.MaxTextLength && !text.Any(char.IsControl))
            {
                return text;
            }
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
        }

        hasUnusable = true;
        return null;
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return string.Empty;
        }
    }

    private static void CheckEnvelopes(in EventBody body, byte[] bytes)
    {
        foreach (var enabled in Enabled)
        {
            foreach (var headerId in new[] { "whe_1", null })
            {
                var envelope = EnvelopeParser.Parse(in body, bytes, headerId, WebhookDialect.Standard, enabled);
                FindingException.Unless(envelope.EventId.Length is > 0 and <= 256 && (headerId is null || envelope.EventId == headerId), "the event's id");
                FindingException.Unless(envelope.EventType.Length is > 0 and <= 256, "the event's type");
                FindingException.Unless(envelope.IsParsed || envelope is { EventType: EnvelopeParser.UnparsedType, Resource: null }, "unparsed, yet with a resource");
                FindingException.Unless(envelope.Resource is not { } resource || (resource.Id.Length is > 0 and <= 256), "a resource without an id");
            }
        }
    }

    private static void CheckJson(byte[] bytes)
    {
        var (read, problem) = JsonBody.Parse(bytes);
        FindingException.Unless(problem is not null || read.ValueKind == JsonValueKind.Object, "a body that is no object");
        if (problem is null)
        {
            _ = JsonSerializer.Serialize(read);
        }

        using var written = new MemoryStream();
        using (var writer = new Utf8JsonWriter(written))
        {
            new RawJsonConverter().Write(writer, new RawJson(bytes), JsonSerializerOptions.Default);
        }

        using var again = JsonDocument.Parse(written.ToArray(), new JsonDocumentOptions { MaxDepth = 1001 });
    }
}
