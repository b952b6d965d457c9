using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Events;

/// <summary>One message of the live stream on one line.</summary>
internal static class TailLine
{
    private static readonly string[] Shown =
    [
        "event_type", "kind", "status", "triage", "state", "outcome", "tool_name", "event_id", "review_id", "resource_id", "session_id",
        "alert_id", "title", "message",
    ];

    public static string Json(StreamMessage message)
    {
        var id = JsonSerializer.Serialize(message.Id);
        var topic = JsonSerializer.Serialize(message.Topic);
        return $"{{\"id\":{id},\"topic\":{topic},\"data\":{CompactData(message.Data)}}}";
    }

    public static void Write(Screen screen, StreamMessage message, DateTimeOffset now)
    {
        var data = Parse(message.Data);
        var at = data?.Instant("at", "received_at", "happened_at", "hydrated_at", "opened_at", "created_at") ?? now;
        var pieces = new List<Piece>
        {
            new(at.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture), Styles.Faint),
            new("  " + message.Topic.PadRight(8), Styles.Strong),
        };
        foreach (var name in Shown)
        {
            if (data?.Text(name) is { Length: > 0 } value)
            {
                var isState = name is "status" or "triage" or "state" or "outcome";
                pieces.Add("  ");
                pieces.Add(isState ? Styles.State(value) : value);
            }
        }

        if (pieces.Count == 2)
        {
            pieces.Add("  " + message.Data);
        }

        screen.Line([.. pieces]);
    }

    /// <summary>The data as JSON on one line; data that is no JSON becomes a JSON string.</summary>
    private static string CompactData(string data)
    {
        return Parse(data) is { } parsed ? JsonSerializer.Serialize(parsed) : JsonSerializer.Serialize(data);
    }

    private static JsonElement? Parse(string data)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
