using System.Diagnostics;
using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.Inbox;

/// <summary>The spans before and behind the inbox: the delivery of an event, and the look that it asks for.</summary>
internal static class InboxSpans
{
    /// <summary>A proven delivery, from its first byte on.</summary>
    public static Activity? Deliver(InboxArrival arrival)
    {
        if (!ClaudeDriveTracing.Source.HasListeners())
        {
            return null;
        }

        var envelope = arrival.Envelope;
        var span = ClaudeDriveTracing.Source.StartActivity(
            "claudedrive.delivery",
            ActivityKind.Server,
            ClaudeDriveTracing.OfEvent(arrival.Endpoint, envelope.EventId),
            startTime: arrival.ReceivedAt);
        return span?.SetTag("claudedrive.endpoint", arrival.Endpoint)
            .SetTag("claudedrive.event_id", envelope.EventId)
            .SetTag("claudedrive.event_type", envelope.EventType)
            .SetTag("claudedrive.resource", envelope.Resource?.ToString());
    }

    /// <summary>A look at a resource: of the trace of its newest event, linked to those of the others; a trace of its own when no event asked for it.</summary>
    public static Activity? Look(ResourceLease lease)
    {
        if (!ClaudeDriveTracing.Source.HasListeners())
        {
            return null;
        }

        var events = lease.Events;
        var parent = events.Count == 0 ? default : Of(events[^1]);
        var links = events.SkipLast(1).TakeLast(ClaudeDriveTracing.MaxLinks).Select(static item => new ActivityLink(Of(item)));
        return ClaudeDriveTracing.Source.StartActivity("claudedrive.look", ActivityKind.Consumer, parent, tags: null, links)
            ?.SetTag("claudedrive.resource", lease.Resource.ToString())
            .SetTag("claudedrive.events", events.Count)
            .SetTag("claudedrive.attempt", lease.Attempts + 1);
    }

    private static ActivityContext Of(EventRecord item) => ClaudeDriveTracing.OfEvent(item.Endpoint, item.Envelope.EventId);
}
