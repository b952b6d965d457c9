using ClaudeDrive.Contexts;

namespace ClaudeDrive.Review;

/// <summary>One blocking event of one session, waiting for, or past, its answer.</summary>
internal sealed record ReviewItem
{
    /// <summary>Our id: <c>rev_</c> and a number.</summary>
    public required string ReviewId { get; init; }

    /// <summary>Position in the list, ascending in order of opening.</summary>
    public required long Seq { get; init; }

    /// <summary>The session.</summary>
    public required string SessionId { get; init; }

    /// <summary>What waits: with the session, unique over all items.</summary>
    public required Blocker Blocker { get; init; }

    /// <summary>Its state.</summary>
    public required ReviewState State { get; init; }

    /// <summary>When the item was opened, by our clock.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Revision of the session's context that opened it.</summary>
    public required int OpenedRevision { get; init; }

    /// <summary>Who claimed it; null when nobody holds it.</summary>
    public string? ClaimedBy { get; init; }

    /// <summary>When the claim ends by itself.</summary>
    public DateTimeOffset? ClaimExpiresAt { get; init; }

    /// <summary>Who answered.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>The answer as given, JSON of contract §3; null when none.</summary>
    public string? AnswerJson { get; init; }

    /// <summary>Sends tried so far.</summary>
    public int SendAttempts { get; init; }

    /// <summary>The stable code and text of the newest trouble with sending, or why it closed without us; null when none.</summary>
    public string? Problem { get; init; }

    /// <summary>The event at Claude that answers it; null until known.</summary>
    public string? AnswerEventId { get; init; }

    /// <summary>When the state last changed.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}

/// <summary>One step of an item's history; append-only.</summary>
/// <param name="Seq">Position over all items, ascending.</param>
/// <param name="ReviewId">The item.</param>
/// <param name="SessionId">Its session.</param>
/// <param name="At">When, by our clock.</param>
/// <param name="From">State before; null for the opening.</param>
/// <param name="To">State after.</param>
/// <param name="Actor">Who: a person's or key's name, or <c>claudedrive</c>.</param>
/// <param name="Note">A person's note, or the reason.</param>
internal sealed record ReviewStep(
    long Seq, string ReviewId, string SessionId, DateTimeOffset At, ReviewState? From, ReviewState To, string Actor, string? Note);
