using System.Runtime.InteropServices;
using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Storage.InMemory;

/// <content>Contexts, revisions and transcripts.</content>
internal sealed partial class InMemoryDriveStore
{
    private readonly Dictionary<ResourceKey, ContextRow> _contexts = [];
    private readonly List<ContextRevision> _revisions = [];
    private readonly Dictionary<string, Dictionary<string, TranscriptRow>> _transcripts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _readers = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<ContextHead?> FindHeadAsync(Sight sight, ResourceKey resource, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(Sees(sight, resource) ? _contexts.GetValueOrDefault(resource)?.Head : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, DateTimeOffset?>> RecentEventIdsAsync(
        string sessionId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            IReadOnlyDictionary<string, DateTimeOffset?> recent = Transcript(sessionId)
                .Where(row => row.Event.ProcessedAt is not { } at || at >= since)
                .ToDictionary(row => row.Event.EventId, row => row.Event.ProcessedAt, StringComparer.Ordinal);
            return ValueTask.FromResult(recent);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ApplyOutcome> ApplyAsync(ResourceLease lease, ContextChange change, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            if (FindHeld(lease) is not { } row)
            {
                return ValueTask.FromResult(ApplyOutcome.LeaseLost);
            }

            if ((_contexts.GetValueOrDefault(lease.Resource)?.Head.Revision ?? 0) != change.BaseRevision)
            {
                return ValueTask.FromResult(ApplyOutcome.BaseMoved);
            }

            var now = time.GetUtcNow();
            StoreContext(change);
            StoreTranscript(change);
            if (change.Head.Resource.Type == ResourceKey.SessionType)
            {
                OpenAndCloseReviews(change, now);
            }

            CloseEvents(lease, change);
            row.Complete(now, change.LookAgainAfter, coalescing);
            _workSignal.Raise();
            return ValueTask.FromResult(ApplyOutcome.Applied);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Page<ContextHead>> ListHeadsAsync(
        Sight sight, ContextFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var rows = Cut(
                _contexts.Values.Where(row => Matches(row.Head, filter) && Sees(sight, row.Head)).OrderByDescending(row => row.Seq), row => row.Seq, page);
            return ValueTask.FromResult(new Page<ContextHead>([.. rows.Items.Select(row => row.Head)], rows.Next, rows.Total));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Page<ContextRevision>> ListRevisionsAsync(
        Sight sight, ResourceKey resource, PageRequest page, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(Cut(NewestFirst(RevisionsOf(sight, resource)), revision => revision.Number, page));
        }
    }

    /// <inheritdoc/>
    public ValueTask<ContextRevision?> FindRevisionAsync(Sight sight, ResourceKey resource, int number, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(RevisionsOf(sight, resource).Find(revision => revision.Number == number));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Tail<ContextRevision>> ReadRevisionsAsync(Sight sight, long afterSeq, int max, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            IReadOnlyList<ContextRevision> revisions =
                [.. _revisions.Where(revision => revision.Seq > afterSeq && Sees(sight, revision.Resource)).Take(max)];
            return ValueTask.FromResult(Tail<ContextRevision>.Of(revisions, static revision => revision.Seq, max, afterSeq, _revisions.Count));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Page<SessionEventRecord>> ListTranscriptAsync(
        Sight sight, string sessionId, PageRequest page, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var rows = (SeesSession(sight, sessionId) ? Transcript(sessionId) : [])
                .OrderBy(row => row.Event.ProcessedAt ?? DateTimeOffset.MaxValue).ThenBy(row => row.Order)
                .Select(row => row.Event).ToList();
            var skip = (int)Math.Clamp(page.Before ?? 0, 0, rows.Count);
            var items = rows.Skip(skip).Take(Math.Clamp(page.Limit, 1, PageRequest.MaxLimit)).ToList();
            long? next = skip + items.Count < rows.Count ? skip + items.Count : null;
            return ValueTask.FromResult(new Page<SessionEventRecord>(items, next, rows.Count));
        }
    }

    /// <inheritdoc/>
    public ValueTask<ContextCounts> CountContextsAsync(Sight sight, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var seen = _contexts.Values.Where(row => Sees(sight, row.Head)).ToList();
            var byType = seen.CountBy(row => row.Head.Resource.Type).ToDictionary(pair => pair.Key, pair => (long)pair.Value, StringComparer.Ordinal);
            return ValueTask.FromResult(new ContextCounts(byType, seen.Sum(static row => row.Revisions.Count)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> FindReaderAsync(string name, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(_readers.GetValueOrDefault(name));
        }
    }

    /// <inheritdoc/>
    public ValueTask AdvanceReaderAsync(string name, long seq, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            _readers[name] = Math.Max(seq, _readers.GetValueOrDefault(name));
            return ValueTask.CompletedTask;
        }
    }

    private void StoreContext(ContextChange change)
    {
        var key = change.Head.Resource;
        if (!_contexts.TryGetValue(key, out var row))
        {
            if (change.Revision is null)
            {
                return; // Nothing was ever seen of it: there is nothing to show.
            }

            row = new ContextRow(change.Head);
            _contexts.Add(key, row);
        }

        row.Head = change.Head with { Object = change.Head.Object.ToArray() };
        if (change.Revision is { } revision)
        {
            row.Seq = _revisions.Count + 1;
            revision = revision with { Seq = row.Seq, Snapshot = revision.Snapshot.ToArray() };
            _revisions.Add(revision);
            row.Revisions.Add(revision);
        }
    }

    private void StoreTranscript(ContextChange change)
    {
        foreach (var fetched in change.SessionEvents)
        {
            var rows = CollectionsMarshal.GetValueRefOrAddDefault(_transcripts, change.Head.Resource.Id, out _) ??= new(StringComparer.Ordinal);
            var known = rows.GetValueOrDefault(fetched.EventId);
            var stored = fetched with
            {
                Json = fetched.Json.ToArray(),
                FirstRevision = known?.Event.FirstRevision ?? change.Head.Revision,
            };
            rows[fetched.EventId] = new TranscriptRow(stored, known?.Order ?? rows.Count);
        }
    }

    private void CloseEvents(ResourceLease lease, ContextChange change)
    {
        int? revision = change.Head.Revision > 0 ? change.Head.Revision : null;
        foreach (var entry in Unfinished(lease.Resource).Where(entry => entry.Record.Seq <= lease.ThroughSeq).ToList())
        {
            var record = entry.Record;
            if (record.State == EventState.Dead)
            {
                Close(entry, EventState.Covered);
                entry.Record = entry.Record with { AppliedRevision = revision };
            }
            else if (record.Envelope.CreatedAt < change.SupersedeBefore)
            {
                Close(entry, EventState.Superseded);
                entry.Record = entry.Record with { LastError = change.Refusal ?? record.LastError };
            }
            else
            {
                Close(entry, EventState.Applied);
                entry.Record = entry.Record with { AppliedRevision = revision };
            }
        }
    }

    private List<ContextRevision> RevisionsOf(Sight sight, ResourceKey resource) =>
        Sees(sight, resource) ? _contexts.GetValueOrDefault(resource)?.Revisions ?? [] : [];

    private List<TranscriptRow> Transcript(string sessionId) =>
        _transcripts.TryGetValue(sessionId, out var rows) ? [.. rows.Values] : [];

    private static bool Matches(ContextHead head, ContextFilter filter) =>
        (filter.Type is null || head.Resource.Type == filter.Type)
        && (filter.NotType is null || head.Resource.Type != filter.NotType)
        && (filter.ParentId is null || head.ParentId == filter.ParentId)
        && (filter.Status is null || head.Status == filter.Status)
        && !filter.NotStatuses.Contains(head.Status, StringComparer.Ordinal)
        && (filter.Triage is null || head.Triage == filter.Triage)
        && (filter.WorkspaceId is null || head.WorkspaceId == filter.WorkspaceId)
        && (filter.AgentId is null || head.AgentId == filter.AgentId)
        && (filter.Query is null || Occurs(filter.Query, head.Title) || Occurs(filter.Query, head.Resource.Id) || Occurs(filter.Query, head.MetadataJson));

    private static bool Occurs(string query, string? text) =>
        text is not null && AsciiLower(text).Contains(AsciiLower(query), StringComparison.Ordinal);

    private static string AsciiLower(string text) =>
        string.Concat(text.Select(c => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c));

    private sealed class ContextRow(ContextHead head)
    {
        public ContextHead Head { get; set; } = head;

        public long Seq { get; set; }

        public List<ContextRevision> Revisions { get; } = [];
    }

    private sealed record TranscriptRow(SessionEventRecord Event, int Order);
}
