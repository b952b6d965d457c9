using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Custody;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;

namespace ClaudeDrive.Storage.InMemory;

/// <content>Holds, and dropping the content of deleted sessions.</content>
internal sealed partial class InMemoryDriveStore
{
    private readonly List<Hold> _holds = [];

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Hold>> ListHoldsAsync(CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult<IReadOnlyList<Hold>>([.. _holds]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<AccessResult<Hold>> SetHoldAsync(Deed deed, string holdId, HoldScope scope, string? target, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            if (_holds.Count >= CustodyLimits.Holds)
            {
                return ValueTask.FromResult<AccessResult<Hold>>(AccessRefusal.TooMany);
            }

            var hold = new Hold
            {
                HoldId = holdId,
                Scope = scope,
                Target = target,
                Reason = deed.Reason ?? "",
                SetBy = deed.Identity,
                SetAt = time.GetUtcNow(),
            };
            _holds.Add(hold);
            Audit(CustodyAudit.HoldSet(deed, hold));
            return ValueTask.FromResult<AccessResult<Hold>>(hold);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> LiftHoldAsync(Deed deed, string holdId, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            if (_holds.Find(hold => hold.HoldId == holdId) is not { } lifted)
            {
                return ValueTask.FromResult(false);
            }

            _holds.Remove(lifted);
            Audit(CustodyAudit.HoldLifted(deed, lifted));
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ContentStep> DropContentAsync(ContentCut cut, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var session = _contexts.Values.Where(row => IsDroppable(row, cut)).MinBy(row => row.Seq);
            return ValueTask.FromResult(session is null ? new ContentStep(0, null, IsLast: true) : DropContent(session, cut));
        }
    }

    private bool IsDroppable(ContextRow row, ContentCut cut)
    {
        var head = row.Head;
        var keep = cut.Workspaces.GetValueOrDefault(head.WorkspaceId ?? "", cut.KeepFor);
        return head.Resource.Type == ResourceKey.SessionType && head.Status == ContextTransitions.Deleted && !row.IsDropped
            && keep != TimeSpan.MaxValue && time.GetUtcNow() - head.HydratedAt >= keep
            && !_holds.Exists(hold => hold.Covers(head.Resource.Id, head.WorkspaceId))
            && !_reviews.Exists(review => review.Item.SessionId == head.Resource.Id && !ReviewTransitions.IsFinal(review.Item.State));
    }

    private ContentStep DropContent(ContextRow session, ContentCut cut)
    {
        var id = session.Head.Resource.Id;
        var family = _contexts.Values.Where(row => row == session || (row.Head.Resource.Type == ResourceKey.SessionThreadType && row.Head.ParentId == id)).ToList();
        var rows = 0;
        family.ForEach(row => rows += RemoveDocuments(row.Head.Resource, cut.MaxRows - rows));
        rows += DropTranscript(id, cut.MaxRows - rows);
        rows += rows < cut.MaxRows ? DropRevisions(family, Math.Min(cut.MaxRevisions, cut.MaxRows - rows)) : 0;
        if (rows >= cut.MaxRows || _transcripts.GetValueOrDefault(id) is { Count: > 0 } || family.Exists(row => row.Revisions.Exists(revision => !DroppedContent.IsDropped(revision))))
        {
            return new ContentStep(rows, null, IsLast: false);
        }

        rows += DropReviews(id);
        foreach (var entry in _events.Where(entry => entry.Record.Source == EventSource.Inferred && entry.Record.Envelope.Resource == session.Head.Resource))
        {
            entry.Body = DroppedContent.Snapshot;
            rows++;
        }

        foreach (var row in family)
        {
            row.Head = row.Head with
            {
                Title = null,
                MetadataJson = null,
                FoldJson = null,
                Blockers = [],
                Object = ReadOnlyMemory<byte>.Empty,
            };
            row.IsDropped = true;
            rows++;
        }

        Audit(CustodyAudit.ContentDropped(id, session.Head.Revision, session.Head.RevisionHash));
        return new ContentStep(rows, id, IsLast: false);
    }

    private int DropTranscript(string sessionId, int max)
    {
        if (!_transcripts.TryGetValue(sessionId, out var entries))
        {
            return 0;
        }

        var gone = entries.Keys.Take(max).ToList();
        gone.ForEach(id => entries.Remove(id));
        return gone.Count;
    }

    private int DropRevisions(List<ContextRow> family, int max)
    {
        var dropped = 0;
        foreach (var row in family)
        {
            for (var i = 0; i < row.Revisions.Count && dropped < max; i++)
            {
                if (!DroppedContent.IsDropped(row.Revisions[i]))
                {
                    row.Revisions[i] = row.Revisions[i] with { Snapshot = DroppedContent.Snapshot, PatchJson = DroppedContent.Patch };
                    _revisions[(int)row.Revisions[i].Seq - 1] = row.Revisions[i];
                    dropped++;
                }
            }
        }

        return dropped;
    }

    private int DropReviews(string sessionId)
    {
        var own = _reviews.Where(row => row.Item.SessionId == sessionId).ToList();
        foreach (var row in own)
        {
            row.Item = row.Item with { Blocker = row.Item.Blocker with { InputJson = null }, AnswerJson = null };
        }

        for (var i = 0; i < _steps.Count; i++)
        {
            _steps[i] = _steps[i].SessionId == sessionId ? _steps[i] with { Note = null } : _steps[i];
        }

        return own.Count;
    }

    private bool IsHeld(WebhookEnvelope envelope) => _holds.Count > 0 && _holds.Exists(hold => Covers(hold, envelope));

    private bool Covers(Hold hold, WebhookEnvelope envelope)
    {
        var sessionId = envelope.SessionId ?? (envelope.Resource is { Type: ResourceKey.SessionType } resource ? resource.Id : null);
        return hold.Covers(sessionId, envelope.WorkspaceId)
            || (envelope.Resource is { } own && hold.Covers(null, _contexts.GetValueOrDefault(own)?.Head.WorkspaceId))
            || (sessionId is not null && hold.Covers(null, _contexts.GetValueOrDefault(ResourceKey.Session(sessionId))?.Head.WorkspaceId));
    }

    // A delivery whose event is gone belongs to nothing that could be held but everything.
    private bool IsHeld(DeliveryRecord delivery) => _holds.Count > 0
        && (_holds.Exists(static hold => hold.Scope == HoldScope.Everything)
            || (delivery.EventId is { } id && _eventsByKey.GetValueOrDefault((delivery.Endpoint, id)) is { } entry && IsHeld(entry.Record.Envelope)));
}
