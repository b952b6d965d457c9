using System.Text.Json;
using ClaudeDrive.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Takes single fields out of stored objects, as they are.</summary>
internal static class ObjectFields
{
    /// <summary>The value of a top-level field; empty when the object has none, or is no object.</summary>
    public static RawJson Find(ReadOnlyMemory<byte> utf8, string name)
    {
        var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = 1000 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return RawJson.Null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals(name);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (found)
                {
                    return new RawJson(utf8[start..(int)reader.BytesConsumed]);
                }
            }
        }
        catch (JsonException)
        {
            // Not JSON: it has no fields.
        }

        return RawJson.Null;
    }
}
