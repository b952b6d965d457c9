using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Redaction;

namespace ClaudeDrive.Contexts;

/// <summary>
/// Reads what one look needs: the object, and for a session its events since the cursor. The object first: whatever the events then show that it
/// does not is newer, never older.
/// </summary>
internal sealed class ResourceFetcher(ClaudeApi api, IContextStore store, TimeProvider time)
{
    /// <summary>
    /// Events are listed again from this long before the newest known one: an event may become visible a little later than a newer one. Claude
    /// publishes no bound; ten seconds is chosen.
    /// </summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<string, DateTimeOffset?> NothingKnown = [];

    /// <summary>Fetches, or returns why not. A deletion event needs no fetch.</summary>
    public async Task<ApiResult<Look>> FetchAsync(ContextHead? head, ResourceLease lease, CancellationToken cancellationToken)
    {
        if (head?.Status == ContextTransitions.Deleted || lease.Events.Any(static item => item.Envelope.IsDeletion))
        {
            return Look.Tombstone(ContextTransitions.Deleted, null);
        }

        if (lease.ParentId is null && lease.Resource.Type is "session_thread" or "vault_credential" && head?.ParentId is null)
        {
            return new ApiFailure(FailureClass.Permanent, "parent_unknown", $"a {lease.Resource.Type} is fetched under its parent, which no event named");
        }

        var fetchedAt = time.GetUtcNow();
        var found = await api.GetAsync(lease.Resource, lease.ParentId ?? head?.ParentId, lease.Lane, cancellationToken).ConfigureAwait(false);
        if (!found.TryGet(out var resource, out var failure))
        {
            return failure;
        }

        var fetched = new HydratedResource { Resource = lease.Resource, Object = resource, RequestIds = [resource.RequestId], FetchedAt = fetchedAt };
        return lease.Resource.Type == ResourceKey.SessionType
            ? await FetchEventsAsync(head, fetched, lease, cancellationToken).ConfigureAwait(false)
            : new Look(fetched, NothingKnown, null, null);
    }

    private async Task<ApiResult<Look>> FetchEventsAsync(
        ContextHead? head, HydratedResource fetched, ResourceLease lease, CancellationToken cancellationToken)
    {
        // A finished session is archived with its final transcript: read once more from its beginning.
        var isFinished = lease.Events.Any(static item => EventCatalog.Find(item.Envelope.EventType)?.FollowUp == FollowUp.Finish);
        var since = isFinished ? null : head?.EventCursor - Overlap;
        var listed = await ListAsync(fetched, since, lease, cancellationToken).ConfigureAwait(false);
        if (!listed.TryGet(out var look, out var failure))
        {
            return failure;
        }

        // A pause on something that no known event explains: once, the whole history is read.
        return since is not null && look.Unexplained(head)
            ? await ListAsync(look.Fetched!, null, lease, cancellationToken).ConfigureAwait(false)
            : look;
    }

    private async Task<ApiResult<Look>> ListAsync(
        HydratedResource fetched, DateTimeOffset? since, ResourceLease lease, CancellationToken cancellationToken)
    {
        var listed = await api.ListEventsAsync(lease.Resource.Id, since, null, lease.Lane, cancellationToken).ConfigureAwait(false);
        if (!listed.TryGet(out var events, out var failure))
        {
            return failure;
        }

        // An API that lists more than it was asked for must not make old events look new.
        var from = events.Items.Min(static item => SessionEventReader.Instant(item, "processed_at")) is { } earliest && !(earliest > since) ? earliest : since;
        var known = await store.RecentEventIdsAsync(lease.Resource.Id, from ?? DateTimeOffset.MinValue, cancellationToken).ConfigureAwait(false);
        var whole = fetched with { Events = events.Items, IsWholeHistory = since is null, RequestIds = [.. fetched.RequestIds, .. events.RequestIds] };
        return new Look(whole, known, null, null);
    }

    /// <summary>A look that can be planned against any head: what was fetched, or a tombstone.</summary>
    internal sealed record Look(
        HydratedResource? Fetched, IReadOnlyDictionary<string, DateTimeOffset?> Known, string? TombstoneStatus, string? RequestId)
    {
        /// <summary>Nothing is there to fetch.</summary>
        public static Look Tombstone(string status, string? requestId) => new(null, NothingKnown, status, requestId);

        /// <summary>Plans the change; what it stores is redacted.</summary>
        public ContextChange Plan(ContextHead? head, ResourceLease lease, DateTimeOffset now, Redactor redactor) => this switch
        {
            { Fetched: null } => ContextPlanner.PlanTombstone(head, TombstoneStatus!, RequestId, lease, now),
            { Fetched.Resource.Type: ResourceKey.SessionType } => ContextPlanner.PlanSession(head, Fetched, Known, lease, now, redactor),
            _ => ContextPlanner.PlanResource(head, Fetched, lease, now, redactor),
        };

        /// <summary>True when the session waits on a tool use that neither the stored fold nor these events hold.</summary>
        public bool Unexplained(ContextHead? head) => ContextPlanner.FoldOf(head, Fetched!, Known).HasUnexplainedRequirement;
    }
}
