using System.Text.Json;

namespace ClaudeDrive.Ingest;

/// <summary>Reads instants as Claude writes them.</summary>
internal static class Rfc3339
{
    private const int ShortestLength = 20; // 2025-11-24T16:00:00Z
    private const int OffsetLength = 6; // +02:00

    /// <summary>
    /// The instant at which the reader stands, in UTC, or null when it is no RFC 3339 text: date, <c>T</c>, time, an optional fraction (kept
    /// to 100 ns) and <c>Z</c> or an offset. A time without an offset is refused, since it would be read in the zone of this machine; so are
    /// leap seconds and escaped characters, which no sender writes.
    /// </summary>
    public static DateTimeOffset? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || reader.ValueSpan.Length < ShortestLength)
        {
            return null;
        }

        var text = reader.ValueSpan;
        var hasZone = text[^1] == (byte)'Z' || (text[^OffsetLength] is (byte)'+' or (byte)'-' && text[^3] == (byte)':');
        return hasZone && text[10] == (byte)'T' && reader.TryGetDateTimeOffset(out var value) ? value.ToUniversalTime() : null;
    }
}
