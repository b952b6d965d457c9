using System.Diagnostics;
using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.Review;

/// <summary>The span of one try to send an answer. Every look that saw its session wait for it is linked to the beginning of its trace.</summary>
internal static class SendSpan
{
    /// <summary>Begins it.</summary>
    public static Activity? Start(SendLease lease)
    {
        if (!ClaudeDriveTracing.Source.HasListeners())
        {
            return null;
        }

        var item = lease.Item;
        var parent = ClaudeDriveTracing.OfReview(item.SessionId, item.Blocker.BlockingEventId);
        return ClaudeDriveTracing.Source.StartActivity("claudedrive.send", ActivityKind.Producer, parent)
            ?.SetTag("claudedrive.review_id", item.ReviewId)
            .SetTag("claudedrive.resource", $"session/{item.SessionId}")
            .SetTag("claudedrive.attempt", item.SendAttempts);
    }
}
