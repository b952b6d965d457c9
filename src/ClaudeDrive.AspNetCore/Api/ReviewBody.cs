using System.Diagnostics;
using System.Text.Json;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Review;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Reads the small fields of review calls and words their refusals.</summary>
internal static class ReviewBody
{
    public static Problem BadNote { get; } = Problem.BadParameter("note", $"The note must be text of at most {AnswerRules.MaxNoteChars} characters.");

    public static bool TryNote(JsonElement body, out string? note) =>
        AnswerText.TryOptional(body, "note", AnswerRules.MaxNoteChars, out note);

    public static bool TryFlag(JsonElement body, string name, out bool flag)
    {
        flag = false;
        if (!body.TryGetProperty(name, out var field) || field.ValueKind is JsonValueKind.Null or JsonValueKind.False)
        {
            return true;
        }

        flag = field.ValueKind == JsonValueKind.True;
        return flag;
    }

    public static Problem Refusal(ReviewResult result) => result.Refusal switch
    {
        ReviewRefusal.ClaimedByOther => new Problem(
            409, ProblemCodes.ClaimedByOther, "Somebody else holds this item. Claim it with 'takeover' and a note, or wait."),
        ReviewRefusal.AlreadyAnswered => new Problem(409, ProblemCodes.AlreadyAnswered, "This item has an answer already."),
        ReviewRefusal.SessionMovedOn => new Problem(
            409, ProblemCodes.SessionMovedOn, "The session no longer waits for this, or its arguments are not the expected ones. Look again."),
        ReviewRefusal.Unknown => Problem.NotFound(),
        _ => throw new UnreachableException($"Unknown refusal {result.Refusal}."),
    };
}
