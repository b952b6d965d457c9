using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace ClaudeDrive.Ingest;

/// <summary>
/// What a webhook body says, before any meaning is given to it: the known texts at its top level, in <c>data</c> and in <c>resource</c>.
/// Filled in one pass. Where a name occurs twice the last one counts, as in every JSON parser of the SDKs.
/// </summary>
internal struct EventBody
{
    /// <summary>Longest accepted id or type, in characters.</summary>
    public const int MaxTextLength = 256;

    /// <summary>Deepest accepted nesting: the default of .NET's own readers.</summary>
    public const int MaxDepth = 64;

    // Each character may be written as \uXXXX.
    private const int MaxTextBytes = 6 * MaxTextLength;

    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(char.IsControl)]);

    /// <summary>Texts at the top level.</summary>
    public EventFieldValues Top;

    /// <summary>Texts in <c>data</c>; all null when that is absent or no object.</summary>
    public EventFieldValues Data;

    /// <summary><c>type</c> and <c>id</c> in <c>resource</c>.</summary>
    public EventFieldValues Reference;

    /// <summary>The top level's <c>created_at</c> in UTC; null when absent or not RFC 3339.</summary>
    public DateTimeOffset? CreatedAt;

    /// <summary>True when a known text is too long, has control characters or is no Unicode text: such a body is not taken apart.</summary>
    public bool HasUnusableText;

    /// <summary>
    /// Reads a body. False when it is not one JSON value in UTF-8 nested at most <see cref="MaxDepth"/> deep. True for any other JSON,
    /// whose fields may all be null. Never throws.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out EventBody result)
    {
        result = default;

        // The reader does not look into texts that it skips.
        if (!Utf8.IsValid(body))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                result.ReadTop(ref reader);
            }

            reader.Skip();
            reader.Read(); // throws when anything but white space follows
            return true;
        }
        catch (JsonException)
        {
            result = default;
            return false;
        }
    }

    private void ReadTop(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var field = EventFieldNames.Read(ref reader);
            reader.Read();
            switch (field)
            {
                case EventField.CreatedAt:
                    CreatedAt = Rfc3339.Read(ref reader);
                    break;
                case EventField.Data:
                    ReadObject(ref reader, out Data);
                    break;
                case EventField.Resource:
                    ReadObject(ref reader, out Reference);
                    break;
                case EventField.Unknown:
                    break;
                default:
                    Top[(int)field] = ReadText(ref reader, field);
                    break;
            }

            reader.Skip();
        }
    }

    private void ReadObject(ref Utf8JsonReader reader, out EventFieldValues values)
    {
        values = default;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var field = EventFieldNames.Read(ref reader);
            reader.Read();
            if ((int)field < EventFieldValues.Count)
            {
                values[(int)field] = ReadText(ref reader, field);
            }

            reader.Skip();
        }
    }

    private string? ReadText(ref Utf8JsonReader reader, EventField field)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.IsEmpty)
        {
            return null;
        }

        // A UTF-16 text never has more characters than its UTF-8 form has bytes.
        if (!reader.ValueIsEscaped && reader.ValueSpan.Length <= MaxTextLength)
        {
            Span<char> buffer = stackalloc char[MaxTextLength];
            ReadOnlySpan<char> text = buffer[..reader.CopyString(buffer)];
            return Accept((field == EventField.Type ? EventCatalog.Intern(text) : null) ?? new string(text));
        }

        try
        {
            return Accept(reader.ValueSpan.Length > MaxTextBytes ? null : reader.GetString());
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair: valid JSON, but no text.
            return Accept(null);
        }
    }

    private string? Accept(string? text)
    {
        if (text is { Length: <= MaxTextLength } && !text.AsSpan().ContainsAny(Controls))
        {
            return text;
        }

        HasUnusableText = true;
        return null;
    }
}
