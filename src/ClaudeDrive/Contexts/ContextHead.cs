using ClaudeDrive.Ingest;

namespace ClaudeDrive.Contexts;

/// <summary>The newest state of one resource as the store holds it: what lists filter on, and what the next fetch is planned against.</summary>
internal sealed record ContextHead
{
    /// <summary>The resource.</summary>
    public required ResourceKey Resource { get; init; }

    /// <summary>See <see cref="WebhookEnvelope.ParentId"/>.</summary>
    public string? ParentId { get; init; }

    /// <summary>Number of the newest revision, from 1.</summary>
    public required int Revision { get; init; }

    /// <summary>
    /// The state that ClaudeDrive concludes. Sessions: <c>running</c>, <c>idle</c>, <c>rescheduling</c>, <c>terminated</c>; any kind: <c>deleted</c>, <c>gone</c>;
    /// other kinds: what the object says (<c>active</c>, <c>archived</c>, …).
    /// </summary>
    public required string Status { get; init; }

    /// <summary>Why an idle session is idle; null while it is not, and for other kinds. One of <see cref="Triages"/>.</summary>
    public string? Triage { get; init; }

    /// <summary>The raw <c>stop_reason.type</c> of the newest idle; null when none.</summary>
    public string? StopReason { get; init; }

    /// <summary>Title or name, as given by the API: untrusted text.</summary>
    public string? Title { get; init; }

    /// <summary>The session's agent; null for other kinds.</summary>
    public string? AgentId { get; init; }

    /// <summary>The agent's name: untrusted text.</summary>
    public string? AgentName { get; init; }

    /// <summary>Workspace, as the webhooks or the API's response headers named it.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>Organization, likewise.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The session's metadata pairs as a JSON object; null when it has none.</summary>
    public string? MetadataJson { get; init; }

    /// <summary>
    /// What the session waits on; empty when it waits on nothing. Not only of an idle one: while one thread runs, others may wait.
    /// </summary>
    public IReadOnlyList<Blocker> Blockers { get; init; } = [];

    /// <summary>The state's own clock: the later of the object's <c>updated_at</c> and its newest session event, by Claude's clock.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>When the newest fetch that confirmed this state began, by our clock.</summary>
    public required DateTimeOffset HydratedAt { get; init; }

    /// <summary>The object as fetched, UTF-8 JSON; the last known one for a deleted resource; empty when it was never seen.</summary>
    public required ReadOnlyMemory<byte> Object { get; init; }

    /// <summary>SHA-256 of the newest revision's snapshot, lower-case hex.</summary>
    public required string SnapshotHash { get; init; }

    /// <summary>Hash of the newest revision: the end of the chain, lower-case hex.</summary>
    public required string RevisionHash { get; init; }

    /// <summary>
    /// What the session events seen so far amount to, as JSON of <see cref="SessionFold"/>; null for other kinds. Lets the next fetch be
    /// incremental however long the session is.
    /// </summary>
    public string? FoldJson { get; init; }

    /// <summary>Newest <c>processed_at</c> seen: the next fetch lists from shortly before it; null when no event was seen.</summary>
    public DateTimeOffset? EventCursor { get; init; }
}
