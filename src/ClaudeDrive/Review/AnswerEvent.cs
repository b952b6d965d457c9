using System.Buffers;
using System.Text.Json;
using ClaudeDrive.Contexts;
using static ClaudeDrive.Contexts.SessionEventReader;

namespace ClaudeDrive.Review;

/// <summary>Turns an answer of contract §3 into what Claude takes (claude-api §3.6), and recognises it when it is there already. Pure.</summary>
internal static class AnswerEvent
{
    /// <summary>
    /// Characters of a text that are compared: Claude reports a tool result of more than about 100,000 cut (claude-api §3.6). Half of that:
    /// chosen.
    /// </summary>
    private const int SureLength = 50_000;

    /// <summary>Event types that can carry an answer: what a read-back lists.</summary>
    public static IReadOnlyList<string> Types { get; } =
        ["user.custom_tool_result", "user.tool_result", "user.tool_confirmation", "user.message", "user.interrupt"];

    /// <summary>The type of an answer: <c>result</c>, <c>allow</c>, <c>deny</c>, <c>message</c>, <c>budget</c>, <c>interrupt</c>.</summary>
    public static string TypeOf(ReviewItem item)
    {
        using var answer = JsonDocument.Parse(item.AnswerJson ?? throw new InvalidOperationException($"{item.ReviewId} has no answer."));
        return Text(answer.RootElement, "type") ?? throw new InvalidOperationException($"The answer of {item.ReviewId} has no type.");
    }

    /// <summary>Why the answer can never be sent in this form; null when it can.</summary>
    public static string? Problem(ReviewItem item)
    {
        try
        {
            _ = TypeOf(item) == "budget" ? Budget(item) : Create(item);
            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return $"not_sendable: {exception.Message}";
        }
    }

    /// <summary>The user event to send. Not for <c>budget</c>, which is an update of the session.</summary>
    public static JsonElement Create(ReviewItem item)
    {
        using var answer = JsonDocument.Parse(item.AnswerJson!);
        var root = answer.RootElement;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            switch (Text(root, "type"))
            {
                case "result":
                    var isCustom = item.Blocker.Kind == BlockerKinds.CustomTool;
                    writer.WriteString("type", isCustom ? "user.custom_tool_result" : "user.tool_result");
                    writer.WriteString(isCustom ? "custom_tool_use_id" : "tool_use_id", item.Blocker.BlockingEventId);
                    WriteContent(writer, Child(root, "content"));
                    writer.WriteBoolean("is_error", Child(root, "is_error").ValueKind is JsonValueKind.True);
                    break;
                case "allow" or "deny":
                    writer.WriteString("type", "user.tool_confirmation");
                    writer.WriteString("tool_use_id", item.Blocker.BlockingEventId);
                    writer.WriteString("result", Text(root, "type"));
                    if (Text(root, "type") == "deny" && Text(root, "message") is { Length: > 0 } reason)
                    {
                        writer.WriteString("deny_message", reason);
                    }

                    break;
                case "message":
                    writer.WriteString("type", "user.message");
                    WriteContent(writer, Child(root, "text"));
                    break;
                case "interrupt":
                    writer.WriteString("type", "user.interrupt");
                    break;
                case var other:
                    throw new InvalidOperationException($"The answer of {item.ReviewId} has the type {other}, which no event carries.");
            }

            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>The budget to set: an object, or null to remove it.</summary>
    public static JsonElement Budget(ReviewItem item)
    {
        using var answer = JsonDocument.Parse(item.AnswerJson!);
        if (Text(answer.RootElement, "amount") is not { } amount)
        {
            using var none = JsonDocument.Parse("null");
            return none.RootElement.Clone();
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "limit");
            writer.WriteStartObject("max_list_cost");
            writer.WriteString("amount", amount);
            writer.WriteString("currency", "USD");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>
    /// Finds the event that answers an item in a list of user events: for a tool, the one that names the blocking event; for a message or an
    /// interrupt, one like ours that <paramref name="isOld"/> does not know from before the answer was given.
    /// </summary>
    public static FoundAnswer? Find(ReviewItem item, IEnumerable<JsonElement> events, Func<string, bool> isOld)
    {
        var ours = Create(item);
        var type = Text(ours, "type");
        foreach (var candidate in events)
        {
            var id = Text(candidate, "id");
            if (id is null)
            {
                continue;
            }

            var named = Text(candidate, "custom_tool_use_id") ?? Text(candidate, "tool_use_id");
            if (named == item.Blocker.BlockingEventId)
            {
                return new FoundAnswer(id, IsSame(ours, candidate));
            }

            if (named is null && type is "user.message" or "user.interrupt" && IsSame(ours, candidate) && !isOld(id))
            {
                return new FoundAnswer(id, true);
            }
        }

        return null;
    }

    // The API echoes what it was given with more fields around it, at any level: ours must be in it.
    private static bool IsSame(JsonElement ours, JsonElement echoed) => ours.ValueKind switch
    {
        JsonValueKind.Object => ours.EnumerateObject().All(property => IsSame(property.Value, Child(echoed, property.Name))),
        JsonValueKind.Array => echoed.ValueKind is JsonValueKind.Array && ours.GetArrayLength() == echoed.GetArrayLength()
            && ours.EnumerateArray().Zip(echoed.EnumerateArray()).All(static pair => IsSame(pair.First, pair.Second)),
        JsonValueKind.String => echoed.ValueKind is JsonValueKind.String && IsSameText(ours.GetString()!, echoed.GetString()!),
        JsonValueKind.False => echoed.ValueKind is JsonValueKind.False or JsonValueKind.Undefined or JsonValueKind.Null,
        _ => JsonElement.DeepEquals(ours, echoed),
    };

    private static bool IsSameText(string ours, string echoed) => ours.Length <= SureLength
        ? string.Equals(ours, echoed, StringComparison.Ordinal)
        : echoed.AsSpan().StartsWith(ours.AsSpan(0, SureLength), StringComparison.Ordinal);

    private static void WriteContent(Utf8JsonWriter writer, JsonElement content)
    {
        writer.WritePropertyName("content");
        if (content.ValueKind is JsonValueKind.Array)
        {
            content.WriteTo(writer);
            return;
        }

        writer.WriteStartArray();
        if (content.ValueKind is JsonValueKind.String)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "text");
            writer.WriteString("text", content.GetString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>An answer that Claude has.</summary>
    /// <param name="EventId">Its event.</param>
    /// <param name="IsOurs">True when its content is what we send.</param>
    internal sealed record FoundAnswer(string EventId, bool IsOurs);
}
