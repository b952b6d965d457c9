using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Storage.InMemory;

/// <content>Where things belong now, and so who sees them.</content>
internal sealed partial class InMemoryDriveStore
{
    private bool Sees(Sight sight, ContextHead head) => sight.IsEverything || sight.Matches(PlacementOf(head));

    private bool Sees(Sight sight, ResourceKey resource) =>
        sight.IsEverything || (_contexts.GetValueOrDefault(resource)?.Head is { } head && Sees(sight, head));

    private bool SeesSession(Sight sight, string sessionId) => Sees(sight, ResourceKey.Session(sessionId));

    private bool Sees(Sight sight, EventRecord record)
    {
        var envelope = record.Envelope;
        if (sight.IsEverything || !envelope.IsParsed)
        {
            return sight.IsEverything;
        }

        var owner = envelope.SessionId is { } sessionId ? ResourceKey.Session(sessionId) : envelope.Resource;
        var head = owner is { } key ? _contexts.GetValueOrDefault(key)?.Head : null;
        return sight.Matches(head is null ? Placement.Bare(envelope.OrganizationId, envelope.WorkspaceId) : PlacementOf(head));
    }

    private bool Sees(Sight sight, DeliveryRecord delivery) =>
        sight.IsEverything
        || (delivery.Outcome != DeliveryOutcome.Rejected
            && delivery.EventId is { } eventId
            && _eventsByKey.TryGetValue((delivery.Endpoint, eventId), out var entry)
            && Sees(sight, entry.Record));

    private bool Sees(Sight sight, WorkRow row) =>
        sight.IsEverything
        || (_contexts.GetValueOrDefault(row.Resource)?.Head is { } head
            ? Sees(sight, head)
            : Unfinished(row.Resource).Any(entry => entry.Record.State == EventState.Pending && Sees(sight, entry.Record)));

    private Placement PlacementOf(ContextHead head)
    {
        if (head.Resource.Type != ResourceKey.SessionThreadType)
        {
            return new Placement(head.OrganizationId, head.WorkspaceId, head.AgentId, MetadataTag.Read(head.MetadataJson));
        }

        return head.ParentId is { } parentId && _contexts.GetValueOrDefault(ResourceKey.Session(parentId))?.Head is { } session
            ? PlacementOf(session)
            : Placement.Bare(head.OrganizationId, head.WorkspaceId);
    }
}
