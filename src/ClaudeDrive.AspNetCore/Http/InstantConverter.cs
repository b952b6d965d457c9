using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>Writes instants as <see cref="InstantText"/> does.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        InstantText.Find(reader.GetString() ?? string.Empty) ?? throw new JsonException("Not an RFC 3339 time.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(InstantText.Write(value));
}
