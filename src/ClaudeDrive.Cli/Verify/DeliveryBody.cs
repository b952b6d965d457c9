using System.Globalization;
using System.Text;
using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Verify;

/// <summary>What a delivery's body says of itself.</summary>
internal sealed record DeliveryBody(SignatureCheck Check, string? Id = null, DateTimeOffset? CreatedAt = null)
{
    private const string Name = "body";

    public static DeliveryBody Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return Unreadable("empty: give the delivery's exact bytes on standard input");
        }

        if (bytes.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            return Unreadable("begins with a byte order mark: an editor added it, the sender did not sign it");
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            return Describe(document.RootElement, bytes);
        }
        catch (JsonException failure)
        {
            return Unreadable(string.Create(
                CultureInfo.InvariantCulture,
                $"not JSON (line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1})"));
        }
    }

    private static DeliveryBody Describe(JsonElement root, ReadOnlyMemory<byte> bytes)
    {
        var id = root.Child("id") is { ValueKind: JsonValueKind.String } text ? text.Plain() : null;
        var type = root.Child("data")?.Text("type") ?? root.Text("type") ?? "of no known shape: it would be stored unparsed";
        var end = bytes.Span[^1] is (byte)'\n' ? ", ends in a line feed (signed bytes usually do not: try printf, not echo)" : string.Empty;
        var explanation = string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} bytes, {type}{end}");
        return new DeliveryBody(new SignatureCheck(Name, true, explanation), id, root.Instant("created_at"));
    }

    private static DeliveryBody Unreadable(string why) => new(new SignatureCheck(Name, false, why, "body_malformed"));
}
