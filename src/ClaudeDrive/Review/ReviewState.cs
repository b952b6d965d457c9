namespace ClaudeDrive.Review;

/// <summary>States of a review item (design §2, Review).</summary>
internal enum ReviewState
{
    /// <summary>Waits for a person.</summary>
    Open = 0,

    /// <summary>Somebody is on it, until the claim expires.</summary>
    Claimed = 1,

    /// <summary>Answered; the answer waits to be sent.</summary>
    Answered = 2,

    /// <summary>The answer is being sent.</summary>
    Sending = 3,

    /// <summary>A try ended ambiguously: Claude's event list is read before another.</summary>
    Verifying = 4,

    /// <summary>Claude has our answer.</summary>
    Resumed = 5,

    /// <summary>Claude got an answer, or stopped waiting, without us.</summary>
    ClosedElsewhere = 6,

    /// <summary>The session is gone.</summary>
    Cancelled = 7,

    /// <summary>A policy's time ran out.</summary>
    Expired = 8,
}

/// <summary>The transitions that are possible. <c>docs/state-machine.md</c> shows the same table; a test compares them.</summary>
internal static class ReviewTransitions
{
    /// <summary>
    /// Every legal edge. Claimed to claimed is a takeover; claimed to open also the end of a claim; sending or verifying back to open is a visible
    /// refusal by Claude while the session still waits; sending back to answered is a wait that Claude asked for before it took the answer.
    /// </summary>
    public static IReadOnlyList<(ReviewState From, ReviewState To)> All { get; } =
    [
        (ReviewState.Open, ReviewState.Claimed),
        (ReviewState.Open, ReviewState.Answered),
        (ReviewState.Open, ReviewState.ClosedElsewhere),
        (ReviewState.Open, ReviewState.Cancelled),
        (ReviewState.Open, ReviewState.Expired),
        (ReviewState.Claimed, ReviewState.Claimed),
        (ReviewState.Claimed, ReviewState.Open),
        (ReviewState.Claimed, ReviewState.Answered),
        (ReviewState.Claimed, ReviewState.ClosedElsewhere),
        (ReviewState.Claimed, ReviewState.Cancelled),
        (ReviewState.Claimed, ReviewState.Expired),
        (ReviewState.Answered, ReviewState.Sending),
        (ReviewState.Sending, ReviewState.Resumed),
        (ReviewState.Sending, ReviewState.Verifying),
        (ReviewState.Sending, ReviewState.Answered),
        (ReviewState.Sending, ReviewState.Open),
        (ReviewState.Sending, ReviewState.ClosedElsewhere),
        (ReviewState.Sending, ReviewState.Cancelled),
        (ReviewState.Verifying, ReviewState.Sending),
    ];

    /// <summary>True when the edge is in <see cref="All"/>.</summary>
    public static bool IsLegal(ReviewState from, ReviewState to) => All.Contains((from, to));

    /// <summary>True when nothing follows the state.</summary>
    public static bool IsFinal(ReviewState state) =>
        state is ReviewState.Resumed or ReviewState.ClosedElsewhere or ReviewState.Cancelled or ReviewState.Expired;
}
