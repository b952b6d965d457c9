using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.Audit;

namespace ClaudeDrive.Review;

/// <summary>The audit rows of decisions, worded once for all stores. Of an answer its type and hash: the answer itself stands with the item.</summary>
internal static class ReviewAudit
{
    /// <summary>What somebody did to an item.</summary>
    public static AuditDraft Of(Deed deed, string action, ReviewItem before, ReviewItem after, string? note) => AuditDraft.Of(
        deed with { Reason = deed.Reason ?? note },
        action,
        $"review/{after.ReviewId}",
        StateOf(before),
        action == AuditActions.ReviewAnswered ? AnswerOf(after) : StateOf(after));

    private static string StateOf(ReviewItem item) => AuditText.Of(
        ("session_id", item.SessionId), ("state", NameOf(item.State)), ("claimed_by", item.ClaimedBy));

    private static string AnswerOf(ReviewItem item) => AuditText.Of(
        ("session_id", item.SessionId),
        ("state", NameOf(item.State)),
        ("blocking_event_id", item.Blocker.BlockingEventId),
        ("input_hash", item.Blocker.InputHash),
        ("answer_type", TypeOf(item.AnswerJson!)),
        ("answer_sha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(item.AnswerJson!)))));

    private static string? TypeOf(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("type", out var type) ? type.ToString() : null;
        }
        catch (JsonException)
        {
            // The store takes any text; whoever sends it finds out that it is none. The hash says which it was.
            return null;
        }
    }

    private static string NameOf(ReviewState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
