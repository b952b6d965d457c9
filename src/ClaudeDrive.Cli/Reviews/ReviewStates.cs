using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Reviews;

/// <summary>The states of a review, and which of them are final.</summary>
internal static class ReviewStates
{
    public static string[] All { get; } =
    [
        "open", "claimed", "answered", "sending", "verifying", "resumed", "closed_elsewhere", "cancelled", "expired",
    ];

    public static bool IsFinal(JsonElement review)
    {
        return review.Text("state") is "resumed" or "closed_elsewhere" or "cancelled" or "expired" || WasRefused(review);
    }

    /// <summary>The answer was recorded and will not reach the session.</summary>
    public static bool WasRefused(JsonElement review)
    {
        return review.Text("send_state") is "refused" or "dead" or "failed";
    }

    public static bool TakesAnswers(JsonElement review) => review.Text("state") is "open" or "claimed";
}
