using System.Text.Json;
using ClaudeDrive.Contexts;

namespace ClaudeDrive.Review;

/// <summary>
/// Which answers fit which kinds of items (contract §3, <c>reviews</c>; the table is claude-api §3.6). A pure function: what it accepts can be
/// sent as it is, what it refuses never reaches the store.
/// </summary>
internal static class AnswerRules
{
    /// <summary>The stable code of a refusal.</summary>
    public const string DoesNotFit = "answer_does_not_fit";

    /// <summary>Longest text of a result or a message, in characters. Chosen: about 60,000 tokens.</summary>
    public const int MaxTextChars = 256 * 1024;

    /// <summary>Longest denial message, in characters. Chosen.</summary>
    public const int MaxDenyChars = 10_000;

    /// <summary>Longest note, in characters. Chosen.</summary>
    public const int MaxNoteChars = 2_000;

    /// <summary>Largest answer as stored, in bytes: leaves room for an image in a result. Chosen.</summary>
    public const int MaxAnswerBytes = 1024 * 1024;

    /// <summary>Most digits of a budget, in minor units: stays within 64 bits.</summary>
    public const int MaxAmountDigits = 15;

    private static readonly Dictionary<string, string[]> KindsOf = new(StringComparer.Ordinal)
    {
        ["result"] = [BlockerKinds.CustomTool, BlockerKinds.SelfHostedTool],
        ["allow"] = [BlockerKinds.ToolPermission],
        ["deny"] = [BlockerKinds.ToolPermission],
        ["message"] = [BlockerKinds.GaveUp, BlockerKinds.Refusal],
        ["budget"] = [BlockerKinds.Budget],
        ["interrupt"] = [BlockerKinds.CustomTool, BlockerKinds.ToolPermission, BlockerKinds.SelfHostedTool],
    };

    /// <summary>Every type of answer with the kinds it fits.</summary>
    public static IReadOnlyDictionary<string, string[]> Table => KindsOf;

    /// <summary>
    /// Checks an answer to an item of <paramref name="kind"/>: the answer to store, or the reason why it does not fit. Fields that its type does
    /// not have are left out of what is stored.
    /// </summary>
    public static AnswerCheck Check(string kind, JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || AnswerText.Find(body, "type") is not { } type || !KindsOf.TryGetValue(type, out var kinds))
        {
            return AnswerCheck.Refuse($"'type' must be one of {string.Join(", ", KindsOf.Keys)}.");
        }

        if (!kinds.Contains(kind))
        {
            return AnswerCheck.Refuse($"An item of kind {kind} cannot be answered with '{type}'.");
        }

        if (!AnswerText.TryOptional(body, "note", MaxNoteChars, out var note))
        {
            return AnswerCheck.Refuse($"'note' must be text of at most {MaxNoteChars} characters.");
        }

        if (!AnswerText.TryOptional(body, "expected_input_hash", 128, out var hash))
        {
            return AnswerCheck.Refuse("'expected_input_hash' must be text of at most 128 characters.");
        }

        var (json, problem) = type switch
        {
            "result" => AnswerForms.Result(body),
            "deny" => AnswerForms.Deny(body),
            "message" => AnswerForms.Message(body),
            "budget" => AnswerForms.Budget(body),
            _ => AnswerForms.Bare(type),
        };
        if (problem is not null)
        {
            return AnswerCheck.Refuse(problem);
        }

        return System.Text.Encoding.UTF8.GetByteCount(json) > MaxAnswerBytes
            ? AnswerCheck.Refuse($"The answer must not exceed {MaxAnswerBytes} bytes.")
            : new AnswerCheck(new ReviewAnswer(json, note, hash), null);
    }
}

/// <summary>The checked answer, or why it does not fit; exactly one is set.</summary>
internal sealed record AnswerCheck(ReviewAnswer? Answer, string? Problem)
{
    public static AnswerCheck Refuse(string problem) => new(null, problem);
}
