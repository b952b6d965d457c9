using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ClaudeDrive.Review;

/// <summary>The fields of each type of answer: checks them and writes the answer as it is stored. A problem is a sentence; else it is null.</summary>
internal static class AnswerForms
{
    /// <summary>Most content blocks of a result. Chosen.</summary>
    private const int MaxBlocks = 100;

    // claude-api §3.5, content blocks; redacted blocks cannot be sent.
    private static readonly string[] BlockTypes = ["text", "image", "document", "search_result"];

    public static (string Json, string? Problem) Bare(string type) => (Write(type, _ => { }), null);

    public static (string Json, string? Problem) Result(JsonElement body)
    {
        var isError = false;
        if (body.TryGetProperty("is_error", out var flag) && flag.ValueKind != JsonValueKind.Null)
        {
            if (flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                return Refuse("'is_error' must be true or false.");
            }

            isError = flag.GetBoolean();
        }

        // An absent field has no kind, and is refused as any other wrong kind.
        body.TryGetProperty("content", out var content);
        if (FindProblem(content) is { } problem)
        {
            return Refuse(problem);
        }

        return (Write("result", w =>
        {
            w.WritePropertyName("content");
            content.WriteTo(w);
            w.WriteBoolean("is_error", isError);
        }), null);
    }

    public static (string Json, string? Problem) Deny(JsonElement body)
    {
        if (!AnswerText.TryOptional(body, "message", AnswerRules.MaxDenyChars, out var message))
        {
            return Refuse($"'message' must be text of at most {AnswerRules.MaxDenyChars} characters.");
        }

        return (Write("deny", w =>
        {
            if (!string.IsNullOrEmpty(message))
            {
                w.WriteString("message", message);
            }
        }), null);
    }

    public static (string Json, string? Problem) Message(JsonElement body) =>
        AnswerText.TryRequired(body, "text", AnswerRules.MaxTextChars, out var text)
            ? (Write("message", w => w.WriteString("text", text)), null)
            : Refuse($"'text' must be text of 1 to {AnswerRules.MaxTextChars} characters, not blank.");

    public static (string Json, string? Problem) Budget(JsonElement body)
    {
        if (!body.TryGetProperty("amount", out var amount))
        {
            return Refuse("'amount' is missing: a whole number of minor units as text, or null for no limit.");
        }

        if (amount.ValueKind == JsonValueKind.Null)
        {
            return (Write("budget", w => w.WriteNull("amount")), null);
        }

        var text = AnswerText.Find(body, "amount");
        return text is not null && IsAmount(text)
            ? (Write("budget", w => w.WriteString("amount", text)), null)
            : Refuse($"'amount' must be text of 1 to {AnswerRules.MaxAmountDigits} digits (minor units, above zero), or null.");
    }

    private static bool IsAmount(string text) =>
        text.Length is > 0 and <= AnswerRules.MaxAmountDigits && text[0] is not '0' && text.All(char.IsAsciiDigit);

    private static string? FindProblem(JsonElement content)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                return AnswerText.IsReadable(content, AnswerRules.MaxTextChars)
                    ? null
                    : $"'content' must be readable text of at most {AnswerRules.MaxTextChars} characters.";
            case JsonValueKind.Array when content.GetArrayLength() is 0 or > MaxBlocks:
                return $"'content' must have 1 to {MaxBlocks} blocks.";
            case JsonValueKind.Array:
                return content.EnumerateArray().All(IsBlock)
                    ? null
                    : $"Each block of 'content' must be an object whose 'type' is one of {string.Join(", ", BlockTypes)}; a text block needs 'text'.";
            default:
                return "'content' must be text or an array of content blocks.";
        }
    }

    private static bool IsBlock(JsonElement block)
    {
        if (block.ValueKind != JsonValueKind.Object || AnswerText.Find(block, "type") is not { } type || !BlockTypes.Contains(type))
        {
            return false;
        }

        return type != "text" || AnswerText.Find(block, "text") is { Length: > 0 and <= AnswerRules.MaxTextChars };
    }

    private static string Write(string type, Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            fields(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static (string Json, string? Problem) Refuse(string problem) => (string.Empty, problem);
}
