using ClaudeDrive.Access;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Contexts;

/// <summary>
/// Contexts, their revisions and transcripts. General promises as <see cref="IInboxStore"/>, also about <see cref="Sight"/>: a context is seen by its
/// head, a thread by the head of its session (while that has none, by its own organization and workspace); revisions and transcript as their context.
/// </summary>
internal interface IContextStore
{
    /// <summary>The head of a context; null when it has none.</summary>
    ValueTask<ContextHead?> FindHeadAsync(Sight sight, ResourceKey resource, CancellationToken cancellationToken);

    /// <summary>
    /// Ids of the session's stored events with <c>processed_at</c> at or after <paramref name="since"/> or null, with their processed_at: what an
    /// overlapping fetch will bring again.
    /// </summary>
    ValueTask<IReadOnlyDictionary<string, DateTimeOffset?>> RecentEventIdsAsync(string sessionId, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a change in one transaction: revision, head, transcript, review items (below), events of the lease closed, earlier dead letters of
    /// the resource closed as <see cref="EventState.Covered"/>, work row released: cooling for <see cref="Coalescing.Quiet"/>, or due again when
    /// events came since the claim or <see cref="ContextChange.LookAgainAfter"/> is set.
    /// Review items of a session: a blocker without an item opens one (a blocking event never gets a second). An open or claimed item whose
    /// blocker is gone closes: <c>cancelled</c> when the session is deleted, gone or terminated, else <c>closed_elsewhere</c> with the answering event
    /// from <see cref="ContextChange.Answered"/> when there is one. Items already answered by us are left to the send worker.
    /// </summary>
    ValueTask<ApplyOutcome> ApplyAsync(ResourceLease lease, ContextChange change, CancellationToken cancellationToken);

    /// <summary>Heads, most recently changed first (by position of the newest revision).</summary>
    ValueTask<Page<ContextHead>> ListHeadsAsync(Sight sight, ContextFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Revisions of one context, newest first; position is the revision's number.</summary>
    ValueTask<Page<ContextRevision>> ListRevisionsAsync(Sight sight, ResourceKey resource, PageRequest page, CancellationToken cancellationToken);

    /// <summary>One revision; null when unknown.</summary>
    ValueTask<ContextRevision?> FindRevisionAsync(Sight sight, ResourceKey resource, int number, CancellationToken cancellationToken);

    /// <summary>Revisions over all contexts stored after <paramref name="afterSeq"/>, oldest first: the live tail and the handlers' log.</summary>
    ValueTask<Tail<ContextRevision>> ReadRevisionsAsync(Sight sight, long afterSeq, int max, CancellationToken cancellationToken);

    /// <summary>
    /// The transcript in order (processed_at, nulls last, ties by first arrival). <see cref="PageRequest.Before"/> is, here, the number of rows to
    /// skip: <c>Next</c> counts upwards.
    /// </summary>
    ValueTask<Page<SessionEventRecord>> ListTranscriptAsync(Sight sight, string sessionId, PageRequest page, CancellationToken cancellationToken);

    /// <summary>How many contexts there are per resource type, and how many revisions in all.</summary>
    ValueTask<ContextCounts> CountContextsAsync(Sight sight, CancellationToken cancellationToken);

    /// <summary>Position up to which a named reader has handled revisions; 0 when it is new.</summary>
    ValueTask<long> FindReaderAsync(string name, CancellationToken cancellationToken);

    /// <summary>Moves a named reader forward; never back. Idempotent.</summary>
    ValueTask AdvanceReaderAsync(string name, long seq, CancellationToken cancellationToken);
}

/// <summary>What to list of the contexts; null matches all.</summary>
internal sealed record ContextFilter
{
    /// <summary>Exact resource type.</summary>
    public string? Type { get; init; }

    /// <summary>All types but this one.</summary>
    public string? NotType { get; init; }

    /// <summary>Exact parent id.</summary>
    public string? ParentId { get; init; }

    /// <summary>Exact status.</summary>
    public string? Status { get; init; }

    /// <summary>All statuses but these.</summary>
    public IReadOnlyList<string> NotStatuses { get; init; } = [];

    /// <summary>Exact triage.</summary>
    public string? Triage { get; init; }

    /// <summary>Exact workspace id.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>Exact agent id.</summary>
    public string? AgentId { get; init; }

    /// <summary>Text that must occur, ignoring ASCII case, in title, id, or metadata.</summary>
    public string? Query { get; init; }
}

/// <summary>Numbers about contexts.</summary>
/// <param name="ByType">Contexts per resource type.</param>
/// <param name="Revisions">Revisions over all.</param>
internal sealed record ContextCounts(IReadOnlyDictionary<string, long> ByType, long Revisions);
