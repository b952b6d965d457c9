using ClaudeDrive.Access;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Inbox;

/// <summary>
/// The durable queue. The unit of storage is the event, the unit of work the resource: an event marks its resource as due, one row per due
/// resource. Instants are UTC, kept to the microsecond or better. Every method is atomic and, unless it says otherwise, durable when it
/// returns; each throws <see cref="Diagnostics.DriveStoreException"/> when the store cannot be reached or cannot commit.
/// What can reach a person takes a <see cref="Sight"/> or a <see cref="Deed"/> and finds, lists, counts and changes only what that shows, inside its
/// query: what is not seen is as if it did not exist. An event is seen by the head of its session, else of its resource; while that has none, by the
/// event's own organization and workspace; an unparsed one only by <see cref="Sight.Everything"/>. A delivery is seen as its event; one without an
/// event, and a refused one, only by <see cref="Sight.Everything"/>.
/// </summary>
internal interface IInboxStore
{
    /// <summary>
    /// Stores an event under its unique (endpoint, event id), with its delivery (<see cref="InboxArrival.OutcomeOf"/>), and marks its resource as due;
    /// true when it was new. A repeat
    /// stores nothing but its delivery and counts <see cref="EventRecord.Deliveries"/>. Concurrent calls share one commit. A new event without
    /// a resource is stored as <see cref="EventState.Applied"/>; an unparsed one as <see cref="EventState.Dead"/> with error <c>unparsed</c>;
    /// a first event for an idle resource makes it due now. Events during a lease make it due <see cref="Coalescing.Quiet"/> after the lease
    /// ends; events within <see cref="Coalescing.Quiet"/> of the last completed look move its next look to Quiet after the newest event, but
    /// no later than <see cref="Coalescing.MaxWait"/> after that look. A more urgent lane replaces a less urgent one.
    /// </summary>
    ValueTask<bool> StoreAsync(InboxArrival arrival, CancellationToken cancellationToken);

    /// <summary>Records delivery attempts that stored no event. Not hurried: durable when it returns.</summary>
    ValueTask RecordDeliveriesAsync(IReadOnlyList<DeliveryRecord> deliveries, CancellationToken cancellationToken);

    /// <summary>
    /// Claims up to <paramref name="max"/> due resources for <paramref name="leaseFor"/>: by lane, then by due time, then by first arrival. A
    /// resource whose lease has expired is due. Never leases one resource twice at once. Empty when nothing is due.
    /// </summary>
    ValueTask<IReadOnlyList<ResourceLease>> ClaimAsync(int max, TimeSpan leaseFor, CancellationToken cancellationToken);

    /// <summary>Extends a lease to <paramref name="leaseFor"/> from now; false when it is no longer the newest (work must stop).</summary>
    ValueTask<bool> RenewAsync(ResourceLease lease, TimeSpan leaseFor, CancellationToken cancellationToken);

    /// <summary>Gives the work back untouched and due now (shutdown): no attempt is spent. False when the lease was lost.</summary>
    ValueTask<bool> ReleaseAsync(ResourceLease lease, CancellationToken cancellationToken);

    /// <summary>Spends an attempt: due again after <paramref name="delay"/>, the error noted on its events. False when the lease was lost.</summary>
    ValueTask<bool> RetryAsync(ResourceLease lease, string error, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Told to wait: due again after <paramref name="delay"/>, spends no attempt. False when the lease was lost.</summary>
    ValueTask<bool> SnoozeAsync(ResourceLease lease, string error, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>
    /// Moves the resource's pending events up to <see cref="ResourceLease.ThroughSeq"/> to the dead letters, their attempts counted. Events that
    /// came since keep the resource due with fresh attempts; else its work row goes. False when the lease was lost.
    /// </summary>
    ValueTask<bool> ParkAsync(ResourceLease lease, string error, CancellationToken cancellationToken);

    /// <summary>
    /// Marks a resource as due now without an event (after an answer was sent, or because a person asked). When it is leased, it becomes due
    /// again after the lease. Idempotent.
    /// </summary>
    ValueTask RequestAsync(ResourceKey resource, string? parentId, WorkLane lane, CancellationToken cancellationToken);

    /// <summary>
    /// Somebody asks for a look at what the newest event of that id (of any endpoint when <paramref name="endpoint"/> is null) names: a dead one is
    /// retried, of any other the resource is due now. Audited. Idempotent.
    /// </summary>
    ValueTask<ReplayOutcome> ReplayAsync(Deed deed, string? endpoint, string eventId, CancellationToken cancellationToken);

    /// <summary>
    /// Makes matching dead letters pending and their resources due now with fresh attempts; returns how many. A dead letter without a resource
    /// stays dead: no look could ever close it. Audited when there were any. Idempotent.
    /// </summary>
    ValueTask<int> RetryDeadAsync(Deed deed, EventFilter filter, CancellationToken cancellationToken);

    /// <summary>Drops matching dead letters (<see cref="EventState.Discarded"/>); returns how many. Audited when there were any. Idempotent.</summary>
    ValueTask<int> DiscardDeadAsync(Deed deed, EventFilter filter, CancellationToken cancellationToken);

    /// <summary>When the earliest work becomes due (a lease's end counts); null when there is none.</summary>
    ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Completes when work may have become due since <paramref name="seen"/> (a value read from <see cref="WorkVersion"/> before claiming), so
    /// that no arrival between a claim and the wait is missed. May complete early; never late.
    /// </summary>
    Task WaitForWorkAsync(long seen, CancellationToken cancellationToken);

    /// <summary>Grows with every commit that may have made work due.</summary>
    long WorkVersion { get; }

    /// <summary>Events newest first.</summary>
    ValueTask<Page<EventRecord>> ListEventsAsync(Sight sight, EventFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Events stored after <paramref name="afterSeq"/>, oldest first, at most <paramref name="max"/>: the live tail.</summary>
    ValueTask<Tail<EventRecord>> ReadEventsAsync(Sight sight, long afterSeq, int max, CancellationToken cancellationToken);

    /// <summary>The newest event with that id (of any endpoint when <paramref name="endpoint"/> is null) with its payload; null when unknown.</summary>
    ValueTask<(EventRecord Event, ReadOnlyMemory<byte> Body)?> FindEventAsync(
        Sight sight, string? endpoint, string eventId, CancellationToken cancellationToken);

    /// <summary>Deliveries newest first.</summary>
    ValueTask<Page<DeliveryRecord>> ListDeliveriesAsync(Sight sight, DeliveryFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>
    /// Counts for people: events by state, deliveries by outcome, due resources (seen by their head; while there is none, by a pending event of theirs).
    /// <paramref name="since"/> bounds the deliveries only.
    /// </summary>
    ValueTask<InboxCounts> CountAsync(Sight sight, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>
    /// Retention: one bounded step over one table, by position. Of the rows that <paramref name="cut"/> names it deletes those that are old enough: of
    /// the events only those in a final state (<see cref="EventTransitions.IsFinal"/>), never one that is pending or dead, whatever its age; of the
    /// deliveries all. The newest row of each table always stays: no position is given twice, and the live tail finds its end. A delivery that stays
    /// names its event as before when the event goes. Counters and totals change with the rows.
    /// <para>
    /// Needs no claim on the rows: a final event never changes state again, so a store may take the window by its positions and delete from it in one
    /// statement, without locks that storing, claiming or reading wait for. A repeat that comes at the same moment is counted on the row or stored as
    /// new. Two passes at once, and the same step twice, are harmless.
    /// </para>
    /// </summary>
    ValueTask<RetentionStep> DeleteFinishedAsync(RetentionCut cut, CancellationToken cancellationToken);
}
