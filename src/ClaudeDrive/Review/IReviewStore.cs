using ClaudeDrive.Access;
using ClaudeDrive.Inbox;

namespace ClaudeDrive.Review;

/// <summary>
/// Review items and the outbox of their answers. General promises as <see cref="IInboxStore"/>, also about <see cref="Sight"/>: items and steps are
/// seen as their session. Every transition is one of
/// <see cref="ReviewTransitions"/>, appends a <see cref="ReviewStep"/>, and is refused (not thrown) when the item is in another state.
/// Items open and close by <see cref="Contexts.IContextStore.ApplyAsync"/>.
/// </summary>
internal interface IReviewStore
{
    /// <summary>One item; null when unknown. An expired claim reads as open.</summary>
    ValueTask<ReviewItem?> FindReviewAsync(Sight sight, string reviewId, CancellationToken cancellationToken);

    /// <summary>Items newest first. An expired claim counts as open.</summary>
    ValueTask<Page<ReviewItem>> ListReviewsAsync(Sight sight, ReviewFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>The ids of the items of these blockers, in one query; those without an item are left out.</summary>
    ValueTask<IReadOnlyDictionary<BlockerKey, string>> FindReviewIdsAsync(
        Sight sight, IReadOnlyCollection<BlockerKey> blockers, CancellationToken cancellationToken);

    /// <summary>Steps of a session's items, or of one item, oldest first.</summary>
    ValueTask<IReadOnlyList<ReviewStep>> ListStepsAsync(Sight sight, string? sessionId, string? reviewId, CancellationToken cancellationToken);

    /// <summary>Steps of all items after <paramref name="afterSeq"/>, oldest first: the live tail.</summary>
    ValueTask<Tail<ReviewStep>> ReadStepsAsync(Sight sight, long afterSeq, int max, CancellationToken cancellationToken);

    /// <summary>
    /// Claims an item for <paramref name="claimFor"/>. Again by the same actor: extends. By another actor while claimed: refused with
    /// <see cref="ReviewRefusal.ClaimedByOther"/> unless <paramref name="takeover"/>. Audited, as are the next two.
    /// </summary>
    ValueTask<ReviewResult> ClaimReviewAsync(
        Deed deed, string reviewId, TimeSpan claimFor, bool takeover, string? note, CancellationToken cancellationToken);

    /// <summary>Gives a claim back. Refused when another holds it; an open item stays open.</summary>
    ValueTask<ReviewResult> ReleaseReviewAsync(Deed deed, string reviewId, string? note, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the answer and makes it due for sending, in one transaction: at most once per item and round. Refused when already answered
    /// (<see cref="ReviewRefusal.AlreadyAnswered"/>), closed (<see cref="ReviewRefusal.SessionMovedOn"/>), claimed by another (a claim by the same
    /// actor, or none, is enough; an answer with a note takes over), or when <see cref="ReviewAnswer.ExpectedInputHash"/> is not the item's.
    /// </summary>
    ValueTask<ReviewResult> AnswerReviewAsync(Deed deed, string reviewId, ReviewAnswer answer, CancellationToken cancellationToken);

    /// <summary>
    /// Claims up to <paramref name="max"/> answers that are due, oldest first, for <paramref name="leaseFor"/>, and moves them to
    /// <see cref="ReviewState.Sending"/> with one more try: durable before the caller may send. Items whose lease expired are due again.
    /// </summary>
    ValueTask<IReadOnlyList<SendLease>> ClaimSendsAsync(int max, TimeSpan leaseFor, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a try as <paramref name="ending"/> says; false when the lease was lost. Ends that touch Claude's state (resumed, closed, refused) also
    /// make the session due for a look, in the same transaction. Throws <see cref="ArgumentException"/> for an ending that
    /// <see cref="ReviewTransitions"/> does not allow from <see cref="ReviewState.Sending"/>.
    /// </summary>
    ValueTask<bool> EndSendAsync(SendLease lease, SendEnding ending, CancellationToken cancellationToken);

    /// <summary>When the earliest answer is due to be sent; null when there is none.</summary>
    ValueTask<DateTimeOffset?> NextSendDueAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="IInboxStore.WaitForWorkAsync"/>, for sends.</summary>
    Task WaitForSendsAsync(long seen, CancellationToken cancellationToken);

    /// <summary>Grows with every commit that may have made a send due.</summary>
    long SendVersion { get; }

    /// <summary>Items per state.</summary>
    ValueTask<IReadOnlyDictionary<ReviewState, long>> CountReviewsAsync(Sight sight, CancellationToken cancellationToken);
}

/// <summary>What to list of the review items; null matches all.</summary>
internal sealed record ReviewFilter
{
    /// <summary>State.</summary>
    public ReviewState? State { get; init; }

    /// <summary>Exact session id.</summary>
    public string? SessionId { get; init; }

    /// <summary>Exact name of the holder of the claim.</summary>
    public string? Assignee { get; init; }
}

/// <summary>An answer on its way into the store.</summary>
/// <param name="Json">The answer as given, contract §3, without <c>note</c> and <c>expected_input_hash</c>.</param>
/// <param name="Note">A person's note.</param>
/// <param name="ExpectedInputHash">When given, must equal the item's.</param>
internal sealed record ReviewAnswer(string Json, string? Note = null, string? ExpectedInputHash = null);

/// <summary>Why a transition was refused; null in a result means it was done.</summary>
internal enum ReviewRefusal
{
    /// <summary>No such item, or none that may be seen.</summary>
    Unknown,

    /// <summary>Somebody else holds it.</summary>
    ClaimedByOther,

    /// <summary>It has an answer from us.</summary>
    AlreadyAnswered,

    /// <summary>It is closed, or its arguments are not the expected ones.</summary>
    SessionMovedOn,
}

/// <summary>The item after a transition, or as it is when refused (null only for <see cref="ReviewRefusal.Unknown"/>).</summary>
internal sealed record ReviewResult(ReviewItem? Item, ReviewRefusal? Refusal);

/// <summary>How one try at sending ended.</summary>
/// <param name="To">
/// <see cref="ReviewState.Resumed"/> with the answering event; <see cref="ReviewState.Verifying"/> after an ambiguous failure, due after
/// <paramref name="Delay"/>; <see cref="ReviewState.Answered"/> when Claude surely did not take it (told to wait, no connection), due after the
/// delay; <see cref="ReviewState.Open"/> when refused while the session still waits (the answer is cleared, the step keeps the reason);
/// <see cref="ReviewState.ClosedElsewhere"/> or <see cref="ReviewState.Cancelled"/>.
/// </param>
/// <param name="AnswerEventId">The event at Claude that answers the item, when known.</param>
/// <param name="Problem">Stable code and text of what went wrong; null when nothing did.</param>
/// <param name="Delay">Until the next try, for the two states that have one.</param>
internal sealed record SendEnding(ReviewState To, string? AnswerEventId = null, string? Problem = null, TimeSpan Delay = default);
