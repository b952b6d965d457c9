using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;
using ClaudeDrive.Storage;

namespace ClaudeDrive.AspNetCore.Access;

/// <summary>
/// Where something belongs now, for explanations. Named <c>type/id</c>, with <c>event</c> and <c>review</c> as further types; without a slash it is a
/// session's id. What the sight does not show has no place.
/// </summary>
internal sealed class ResourcePlaces(IDriveStore store)
{
    private const char Between = '/';

    /// <summary>The place; null when there is no such thing, or when it may not be seen.</summary>
    public async ValueTask<Placement?> FindAsync(Sight sight, string resource, CancellationToken cancellationToken)
    {
        var (type, id) = resource.Split(Between, 2) is [{ Length: > 0 } first, { Length: > 0 } second] ? (first, second) : (ResourceKey.SessionType, resource);
        return type switch
        {
            "event" => await FindEventAsync(sight, id, cancellationToken),
            "review" => await store.FindReviewAsync(sight, id, cancellationToken) is { } item
                ? await FindHeadAsync(sight, ResourceKey.Session(item.SessionId), cancellationToken)
                : null,
            _ => await FindHeadAsync(sight, new ResourceKey(type, id), cancellationToken),
        };
    }

    /// <summary>The place of a context that is no thread.</summary>
    public static Placement Of(ContextHead head) => new(head.OrganizationId, head.WorkspaceId, head.AgentId, MetadataTag.Read(head.MetadataJson));

    private async ValueTask<Placement?> FindHeadAsync(Sight sight, ResourceKey resource, CancellationToken cancellationToken)
    {
        if (await store.FindHeadAsync(sight, resource, cancellationToken) is not { } head)
        {
            return null;
        }

        if (head.Resource.Type != ResourceKey.SessionThreadType)
        {
            return Of(head);
        }

        var parent = head.ParentId is { } id ? await store.FindHeadAsync(sight, ResourceKey.Session(id), cancellationToken) : null;
        return parent is null ? Placement.Bare(head.OrganizationId, head.WorkspaceId) : Of(parent);
    }

    private async ValueTask<Placement?> FindEventAsync(Sight sight, string id, CancellationToken cancellationToken)
    {
        if (await store.FindEventAsync(sight, null, id, cancellationToken) is not { Event.Envelope: { } envelope })
        {
            return null;
        }

        ResourceKey? owner = envelope.SessionId is { } sessionId ? ResourceKey.Session(sessionId) : envelope.Resource;
        var place = owner is { } key && envelope.IsParsed ? await FindHeadAsync(sight, key, cancellationToken) : null;

        // What was not parsed belongs nowhere: only who sees everything sees it.
        return place ?? (envelope.IsParsed ? Placement.Bare(envelope.OrganizationId, envelope.WorkspaceId) : Placement.Bare(null, null));
    }
}
