using System.Diagnostics;
using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.Contexts;

/// <summary>The spans inside a look.</summary>
internal static class ContextSpans
{
    /// <summary>The reads of a look, the wait for the budget included.</summary>
    public static Activity? Fetch() => ClaudeDriveTracing.Source.StartActivity("claudedrive.fetch", ActivityKind.Client);

    /// <summary>Storing what a look found, linked to the traces of the answers that the resource waits for now.</summary>
    public static Activity? Apply(ContextChange change)
    {
        if (!ClaudeDriveTracing.Source.HasListeners())
        {
            return null;
        }

        var links = change.Head.Blockers.Take(ClaudeDriveTracing.MaxLinks)
            .Select(blocker => new ActivityLink(ClaudeDriveTracing.OfReview(change.Head.Resource.Id, blocker.BlockingEventId)));
        return ClaudeDriveTracing.Source.StartActivity("claudedrive.apply", ActivityKind.Internal, default(ActivityContext), tags: null, links)
            ?.SetTag("claudedrive.revision", change.Head.Revision);
    }
}
