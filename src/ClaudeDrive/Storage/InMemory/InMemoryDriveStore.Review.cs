using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;

namespace ClaudeDrive.Storage.InMemory;

/// <content>Review items: opening, closing, claiming, answering, reading.</content>
internal sealed partial class InMemoryDriveStore
{
    private readonly List<ReviewRow> _reviews = [];
    private readonly Dictionary<string, ReviewRow> _reviewsById = new(StringComparer.Ordinal);
    private readonly HashSet<(string SessionId, string BlockingEventId)> _everBlocked = [];
    private readonly List<ReviewStep> _steps = [];

    /// <inheritdoc/>
    public ValueTask<ReviewItem?> FindReviewAsync(Sight sight, string reviewId, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(FindReview(sight, reviewId)?.Read(time.GetUtcNow()));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Page<ReviewItem>> ListReviewsAsync(Sight sight, ReviewFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var now = time.GetUtcNow();
            var matching = NewestFirst(_reviews).Select(row => row.Read(now)).Where(item =>
                (filter.State is null || item.State == filter.State)
                && (filter.SessionId is null || item.SessionId == filter.SessionId)
                && (filter.Assignee is null || item.ClaimedBy == filter.Assignee)
                && SeesSession(sight, item.SessionId));
            return ValueTask.FromResult(Cut(matching, item => item.Seq, page));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<BlockerKey, string>> FindReviewIdsAsync(
        Sight sight, IReadOnlyCollection<BlockerKey> blockers, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var now = time.GetUtcNow();
            IReadOnlyDictionary<BlockerKey, string> ids = NewestFirst(_reviews).Select(row => row.Read(now))
                .Where(item => blockers.Contains(new BlockerKey(item.SessionId, item.Blocker.BlockingEventId)) && SeesSession(sight, item.SessionId))
                .ToDictionary(static item => new BlockerKey(item.SessionId, item.Blocker.BlockingEventId), static item => item.ReviewId);
            return ValueTask.FromResult(ids);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ReviewStep>> ListStepsAsync(
        Sight sight, string? sessionId, string? reviewId, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            IReadOnlyList<ReviewStep> steps = [.. _steps.Where(step =>
                (sessionId is null || step.SessionId == sessionId)
                && (reviewId is null || step.ReviewId == reviewId)
                && SeesSession(sight, step.SessionId))];
            return ValueTask.FromResult(steps);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Tail<ReviewStep>> ReadStepsAsync(Sight sight, long afterSeq, int max, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            IReadOnlyList<ReviewStep> steps = [.. _steps.Where(step => step.Seq > afterSeq && SeesSession(sight, step.SessionId)).Take(max)];
            return ValueTask.FromResult(Tail<ReviewStep>.Of(steps, static step => step.Seq, max, afterSeq, _steps.Count));
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReviewResult> ClaimReviewAsync(
        Deed deed, string reviewId, TimeSpan claimFor, bool takeover, string? note, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var now = time.GetUtcNow();
            return Change(deed, reviewId, now, (item, row) =>
            {
                if (item.State == ReviewState.Claimed && item.ClaimedBy != deed.Actor && !takeover)
                {
                    return ReviewRefusal.ClaimedByOther;
                }

                var extends = item.State == ReviewState.Claimed && item.ClaimedBy == deed.Actor;
                var claimed = item with { State = ReviewState.Claimed, ClaimedBy = deed.Actor, ClaimExpiresAt = now + claimFor };
                if (extends && note is null)
                {
                    row.Item = claimed; // Not a transition: the same person goes on.
                }
                else
                {
                    Step(row, claimed, now, deed.Actor, note);
                    Audit(ReviewAudit.Of(deed, AuditActions.ReviewClaimed, item, row.Item, note));
                }

                return null;
            });
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReviewResult> ReleaseReviewAsync(Deed deed, string reviewId, string? note, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var now = time.GetUtcNow();
            return Change(deed, reviewId, now, (item, row) =>
            {
                if (item.State == ReviewState.Claimed && item.ClaimedBy != deed.Actor)
                {
                    return ReviewRefusal.ClaimedByOther;
                }

                if (item.State == ReviewState.Claimed)
                {
                    Step(row, item with { State = ReviewState.Open, ClaimedBy = null, ClaimExpiresAt = null }, now, deed.Actor, note);
                    Audit(ReviewAudit.Of(deed, AuditActions.ReviewReleased, item, row.Item, note));
                }

                return null;
            });
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReviewResult> AnswerReviewAsync(Deed deed, string reviewId, ReviewAnswer answer, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var now = time.GetUtcNow();
            return Change(deed, reviewId, now, (item, row) =>
            {
                if (item.State == ReviewState.Claimed && item.ClaimedBy != deed.Actor && string.IsNullOrWhiteSpace(answer.Note))
                {
                    return ReviewRefusal.ClaimedByOther;
                }

                if (answer.ExpectedInputHash is { } expected && expected != item.Blocker.InputHash)
                {
                    return ReviewRefusal.SessionMovedOn;
                }

                var answered = item with
                {
                    State = ReviewState.Answered,
                    ClaimedBy = null,
                    ClaimExpiresAt = null,
                    AnsweredBy = deed.Actor,
                    AnsweredAt = now,
                    AnswerJson = answer.Json,
                };
                Step(row, answered, now, deed.Actor, answer.Note);
                Audit(ReviewAudit.Of(deed, AuditActions.ReviewAnswered, item, row.Item, answer.Note));
                row.AnsweredRevision = _contexts[ResourceKey.Session(item.SessionId)].Head.Revision;
                row.SendDueAt = now;
                _sendSignal.Raise();
                return null;
            });
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<ReviewState, long>> CountReviewsAsync(Sight sight, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var now = time.GetUtcNow();
            IReadOnlyDictionary<ReviewState, long> counts =
                _reviews.Where(row => SeesSession(sight, row.Item.SessionId)).CountBy(row => row.Read(now).State).ToDictionary(pair => pair.Key, pair => (long)pair.Value);
            return ValueTask.FromResult(counts);
        }
    }

    private ReviewRow? FindReview(Sight sight, string reviewId) =>
        _reviewsById.TryGetValue(reviewId, out var row) && SeesSession(sight, row.Item.SessionId) ? row : null;

    private ValueTask<ReviewResult> Change(
        Deed deed, string reviewId, DateTimeOffset now, Func<ReviewItem, ReviewRow, ReviewRefusal?> change)
    {
        if (FindReview(deed.Sight, reviewId) is not { } row)
        {
            return ValueTask.FromResult(new ReviewResult(null, ReviewRefusal.Unknown));
        }

        ExpireClaim(row, now);
        ReviewRefusal? refusal = row.Item.State switch
        {
            ReviewState.Open or ReviewState.Claimed => change(row.Item, row),
            ReviewState.Answered or ReviewState.Sending or ReviewState.Verifying or ReviewState.Resumed => ReviewRefusal.AlreadyAnswered,
            ReviewState.ClosedElsewhere or ReviewState.Cancelled or ReviewState.Expired => ReviewRefusal.SessionMovedOn,
            _ => throw new InvalidOperationException($"Review {reviewId} is in the unknown state {row.Item.State}."),
        };
        return ValueTask.FromResult(new ReviewResult(row.Item, refusal));
    }

    /// <summary>Writes down that a claim ended by itself, so that the steps of an item form one chain.</summary>
    private void ExpireClaim(ReviewRow row, DateTimeOffset now)
    {
        if (row.Item.State == ReviewState.Claimed && row.Item.ClaimExpiresAt is { } ended && ended <= now)
        {
            Step(row, row.Read(now), ended, Self, "claim expired");
        }
    }

    private void OpenAndCloseReviews(ContextChange change, DateTimeOffset now)
    {
        var head = change.Head;
        var sessionId = head.Resource.Id;
        var waiting = head.Blockers.Select(blocker => blocker.BlockingEventId).ToHashSet(StringComparer.Ordinal);
        foreach (var row in _reviews.Where(row => row.Item.SessionId == sessionId && !waiting.Contains(row.Item.Blocker.BlockingEventId)))
        {
            ExpireClaim(row, now);
            if (row.Item.State is ReviewState.Open or ReviewState.Claimed)
            {
                var closed = row.Item with
                {
                    State = head.Status is "deleted" or "gone" or "terminated" ? ReviewState.Cancelled : ReviewState.ClosedElsewhere,
                    ClaimedBy = null,
                    ClaimExpiresAt = null,
                    AnswerEventId = change.Answered.GetValueOrDefault(row.Item.Blocker.BlockingEventId),
                };
                Step(row, closed, now, Self, null);
            }
        }

        foreach (var blocker in head.Blockers.Where(blocker => _everBlocked.Add((sessionId, blocker.BlockingEventId))))
        {
            Open(blocker, head, now);
        }
    }

    private void Open(Blocker blocker, ContextHead head, DateTimeOffset now)
    {
        var seq = _reviews.Count + 1;
        var row = new ReviewRow
        {
            Item = new ReviewItem
            {
                ReviewId = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"rev_{seq}"),
                Seq = seq,
                SessionId = head.Resource.Id,
                Blocker = blocker,
                State = ReviewState.Open,
                OpenedAt = now,
                OpenedRevision = head.Revision,
                ChangedAt = now,
            },
        };
        _reviews.Add(row);
        _reviewsById.Add(row.Item.ReviewId, row);
        _steps.Add(new ReviewStep(_steps.Count + 1, row.Item.ReviewId, row.Item.SessionId, now, null, ReviewState.Open, Self, null));
    }

    private void Step(ReviewRow row, ReviewItem after, DateTimeOffset at, string actor, string? note)
    {
        var before = row.Item;
        if (!ReviewTransitions.IsLegal(before.State, after.State))
        {
            throw new InvalidOperationException($"Review {before.ReviewId} cannot go from {before.State} to {after.State}.");
        }

        row.Item = after with { ChangedAt = at };
        _steps.Add(new ReviewStep(_steps.Count + 1, after.ReviewId, after.SessionId, at, before.State, after.State, actor, note));
    }

    private sealed class ReviewRow
    {
        public required ReviewItem Item { get; set; }

        /// <summary>When the answer may be sent; the end of the lease while it is being sent; null when there is nothing to send.</summary>
        public DateTimeOffset? SendDueAt { get; set; }

        public long SendToken { get; set; }

        public int AnsweredRevision { get; set; }

        public ReviewItem Read(DateTimeOffset now) => Item.State == ReviewState.Claimed && Item.ClaimExpiresAt is { } ends && ends <= now
            ? Item with { State = ReviewState.Open, ClaimedBy = null, ClaimExpiresAt = null, ChangedAt = ends }
            : Item;
    }
}
