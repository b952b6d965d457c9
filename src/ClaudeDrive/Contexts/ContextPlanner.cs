using System.Buffers;
using System.Text.Json;
using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using static ClaudeDrive.Contexts.SessionEventReader;

namespace ClaudeDrive.Contexts;

/// <summary>
/// Decides what a look at a resource changes. Pure: head, fetched state and lease in, change out. Newer wins by the fetched state; the order in
/// which webhooks came never matters (invariant 3).
/// </summary>
internal static class ContextPlanner
{
    /// <summary>Plans the change of a session after a fetch. <paramref name="known"/>: stored events that the overlap may bring again.</summary>
    public static ContextChange PlanSession(
        ContextHead? head, HydratedResource fetched, IReadOnlyDictionary<string, DateTimeOffset?> known, ResourceLease lease, DateTimeOffset now)
    {
        using var document = ApiJson.Parse(fetched.Object.Json);
        var session = document.RootElement;
        fetched = IsBehind(head, fetched, known) ? fetched with { IsWholeHistory = false } : fetched;
        var fold = SessionFold.Parse(fetched.IsWholeHistory ? null : head?.FoldJson);
        Dictionary<string, string> answered = new(fold.Answers, StringComparer.Ordinal);
        var fresh = SessionFolding.Fold(fold, fetched, known, answered);
        var isStale = IsOlder(session, head);
        var source = isStale ? head!.Object : fetched.Object.Json;
        using var kept = isStale ? ApiJson.Parse(source) : null;
        var conclusion = IdleTriage.Conclude(kept?.RootElement ?? session, fold);
        var isYoung = (now - fold.StatusAt)?.Duration() < ResourceFetcher.Overlap;
        var blockers = isYoung ? Explained(conclusion.Blockers, fold) : conclusion.Blockers;
        var asOf = Latest(Instant(kept?.RootElement ?? session, "updated_at"), fold.LastAt, head?.AsOf)
            ?? RevisionHash.Truncate(fetched.FetchedAt);
        var draft = new Draft
        {
            Status = conclusion.Status,
            Triage = conclusion.Triage,
            StopReason = conclusion.Status == ContextTransitions.Idle ? fold.StopReason : null,
            Blockers = blockers,
            Object = source,
            AsOf = asOf,
            Fold = fold,
        };
        var change = Finish(head, draft, fetched, lease, now);
        return ReferenceEquals(change.Head, head) ? change : change with
        {
            SessionEvents = fresh,
            Answered = answered,
            LookAgainAfter = conclusion.Contradicts || isStale || (isYoung && IsUnsettled(conclusion, blockers)) ? LookAgain(asOf, now) : null,
        };
    }

    /// <summary>Plans the change of any other kind after a fetch.</summary>
    public static ContextChange PlanResource(ContextHead? head, HydratedResource fetched, ResourceLease lease, DateTimeOffset now)
    {
        using var document = ApiJson.Parse(fetched.Object.Json);
        var root = document.RootElement;
        var isStale = IsOlder(root, head);
        var source = isStale ? head!.Object : fetched.Object.Json;
        using var kept = ApiJson.Parse(source);
        var draft = new Draft
        {
            Status = StatusOf(kept.RootElement),
            Object = source,
            AsOf = Latest(Instant(root, "updated_at") ?? Instant(root, "created_at"), Instant(root, "archived_at"), head?.AsOf)
                ?? RevisionHash.Truncate(fetched.FetchedAt),
        };
        var change = Finish(head, draft, fetched, lease, now);
        return isStale && !ReferenceEquals(change.Head, head) ? change with { LookAgainAfter = LookAgain(draft.AsOf, now) } : change;
    }

    /// <summary>Plans a tombstone: after a <c>*.deleted</c> event (final), or after a 404 (<paramref name="requestId"/> proves it).</summary>
    public static ContextChange PlanTombstone(ContextHead? head, string status, string? requestId, ResourceLease lease, DateTimeOffset now)
    {
        var happened = lease.Events.LastOrDefault(static item => item.Envelope.IsDeletion)?.Envelope.CreatedAt ?? now;
        var draft = new Draft
        {
            Status = head?.Status == ContextTransitions.Deleted ? ContextTransitions.Deleted : status,
            Object = head?.Object ?? ReadOnlyMemory<byte>.Empty,
            AsOf = Latest(RevisionHash.Truncate(happened), head?.AsOf, null)!.Value,
            Fold = head?.FoldJson is { } json ? SessionFold.Parse(json) : null,
        };
        var proof = new HydratedResource
        {
            Resource = lease.Resource,
            Object = new ApiObject(draft.Object, requestId ?? "", null, null),
            RequestIds = requestId is { Length: > 0 } ? [requestId] : [],
            FetchedAt = now,
        };
        return Finish(head, draft, proof, lease, now);
    }

    /// <summary>
    /// How long to wait before asking an API that contradicts itself again: as long as the state is old, from 0.5 s to 1 min; null after 10 min.
    /// Claude's clock may be ahead of ours: a state from the future counts as old, so that it too is asked about ever more rarely.
    /// </summary>
    internal static TimeSpan? LookAgain(DateTimeOffset asOf, DateTimeOffset now)
    {
        var age = (now - asOf).Duration();
        return age > TimeSpan.FromMinutes(10) ? null : TimeSpan.FromSeconds(Math.Clamp(age.TotalSeconds, 0.5, 60));
    }

    /// <summary>The fold as it would be after these events.</summary>
    internal static SessionFold FoldOf(ContextHead? head, HydratedResource fetched, IReadOnlyDictionary<string, DateTimeOffset?> known)
    {
        var fold = SessionFold.Parse(fetched.IsWholeHistory ? null : head?.FoldJson);
        SessionFolding.Fold(fold, fetched, known, []);
        return fold;
    }

    // A whole list that lacks what an earlier look saw comes from a copy that is behind: folded from its beginning it would take that back.
    private static bool IsBehind(ContextHead? head, HydratedResource fetched, IReadOnlyDictionary<string, DateTimeOffset?> known)
    {
        if (!fetched.IsWholeHistory || head?.FoldJson is null)
        {
            return false;
        }

        var listed = fetched.Events.Select(Record).OfType<SessionEventRecord>()
            .ToLookup(static record => record.EventId, static record => record.ProcessedAt, StringComparer.Ordinal);
        return known.Any(pair => !listed[pair.Key].Any(at => at is not null || pair.Value is null));
    }

    // What would settle it may be late: the tool use that a pause waits on, or the answer after which the session went on.
    private static bool IsUnsettled(IdleTriage.Conclusion conclusion, IReadOnlyList<Blocker> blockers) =>
        blockers.Count < conclusion.Blockers.Count || (blockers.Count > 0 && conclusion.Status != ContextTransitions.Idle);

    // An item keeps what it was opened with. A tool use that is not visible yet would open one that does not say what is asked, and take the wrong
    // kind of answer: it is waited for as long as an event may be late. What no event explains even then is shown as it is.
    private static List<Blocker> Explained(IReadOnlyList<Blocker> blockers, SessionFold fold) =>
        [.. blockers.Where(blocker => fold.Pending.ContainsKey(blocker.BlockingEventId) || blocker.BlockingEventId == fold.StatusEventId)];

    private static ContextChange Finish(ContextHead? head, Draft draft, HydratedResource fetched, ResourceLease lease, DateTimeOffset now)
    {
        if (!ContextTransitions.IsLegal(fetched.Resource, head?.Status, draft.Status))
        {
            return Unchanged(head!, lease, $"impossible_transition: {head!.Status} to {draft.Status}");
        }

        var snapshot = SnapshotOf(draft);
        var snapshotHash = RevisionHash.OfBytes(snapshot.Span);
        var next = HeadOf(head, draft, fetched, lease, snapshotHash);
        var isNew = head is null || head.SnapshotHash != snapshotHash;
        var revision = isNew ? RevisionOf(head, next, draft, snapshot, fetched, lease, now) : null;
        return new ContextChange
        {
            Head = revision is null ? next : next with { Revision = revision.Number, RevisionHash = revision.Hash },
            BaseRevision = head?.Revision ?? 0,
            Revision = revision,
            SupersedeBefore = SupersedeBefore(head, lease, isNew),
        };
    }

    private static ContextChange Unchanged(ContextHead head, ResourceLease lease, string? refusal) => new()
    {
        Head = head,
        BaseRevision = head.Revision,
        SupersedeBefore = DateTimeOffset.MaxValue,
        Refusal = lease.Events.Count == 0 || head.Status == ContextTransitions.Deleted ? null : refusal,
    };

    // An event older than what the context already showed is superseded, unless only such events came and the look found news all the same.
    private static DateTimeOffset? SupersedeBefore(ContextHead? head, ResourceLease lease, bool isNew)
    {
        if (head is null)
        {
            return null;
        }

        var hasNewer = lease.Events.Any(item => item.Envelope.CreatedAt is not { } created || created >= head.AsOf);
        return !isNew || hasNewer ? head.AsOf : null;
    }

    private static ContextHead HeadOf(ContextHead? head, Draft draft, HydratedResource fetched, ResourceLease lease, string snapshotHash)
    {
        using var document = draft.Object.IsEmpty ? null : ApiJson.Parse(draft.Object);
        var root = document?.RootElement ?? default;
        var agent = Child(root, "agent");
        var newest = lease.Events.LastOrDefault(static item => item.Envelope.WorkspaceId is not null || item.Envelope.OrganizationId is not null);
        return new ContextHead
        {
            Resource = fetched.Resource,
            ParentId = lease.ParentId ?? head?.ParentId,
            Revision = head?.Revision ?? 0,
            Status = draft.Status,
            Triage = draft.Triage,
            StopReason = draft.StopReason,
            Title = Text(root, "title") ?? Text(root, "name") ?? Text(root, "display_name"),
            AgentId = Text(agent, "id"),
            AgentName = Text(agent, "name"),
            WorkspaceId = newest?.Envelope.WorkspaceId ?? fetched.Object.WorkspaceId ?? head?.WorkspaceId,
            OrganizationId = newest?.Envelope.OrganizationId ?? fetched.Object.OrganizationId ?? head?.OrganizationId,
            MetadataJson = Json(root, "metadata") is { } metadata and not "{}" ? metadata : null,
            Blockers = draft.Blockers,
            AsOf = draft.AsOf,
            HydratedAt = fetched.FetchedAt,
            Object = draft.Object,
            SnapshotHash = snapshotHash,
            RevisionHash = head?.RevisionHash ?? RevisionHash.Genesis,
            FoldJson = draft.Fold?.ToJson(),
            EventCursor = draft.Fold?.LastAt,
        };
    }

    private static ContextRevision RevisionOf(
        ContextHead? head, ContextHead next, Draft draft, ReadOnlyMemory<byte> snapshot, HydratedResource fetched, ResourceLease lease, DateTimeOffset now)
    {
        var revision = new ContextRevision
        {
            Resource = next.Resource,
            Number = (head?.Revision ?? 0) + 1,
            Cause = CauseOf(draft.Status, lease),
            EventIds = [.. lease.Events.Select(static item => item.Envelope.EventId)],
            RequestIds = fetched.RequestIds,
            AsOf = draft.AsOf,
            FetchedAt = RevisionHash.Truncate(fetched.FetchedAt),
            RecordedAt = RevisionHash.Truncate(now),
            Status = draft.Status,
            Triage = draft.Triage,
            Snapshot = snapshot,
            PatchJson = head is null ? "[]" : JsonDiff.Create(SnapshotOf(Draft.Of(head)), snapshot),
            SnapshotHash = next.SnapshotHash,
            PreviousHash = next.RevisionHash,
            Hash = "",
        };
        return revision with { Hash = RevisionHash.Of(revision) };
    }

    private static string CauseOf(string status, ResourceLease lease) => status switch
    {
        ContextTransitions.Deleted => "deleted",
        ContextTransitions.Gone => "gone",
        _ when lease.Events.Any(static item => item.Source == EventSource.Webhook) => "webhook",
        _ when lease.Events.Any(static item => item.Source == EventSource.Inferred) => "inferred",
        _ => "requested",
    };

    private static ReadOnlyMemory<byte> SnapshotOf(Draft draft)
    {
        var buffer = new ArrayBufferWriter<byte>(draft.Object.Length + 512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            SnapshotWriter.Write(writer, draft.Status, draft.Triage, draft.StopReason, draft.Blockers, draft.Fold, draft.Object);
        }

        return buffer.WrittenMemory;
    }

    private static bool IsOlder(JsonElement fetched, ContextHead? head)
    {
        if (head is null || head.Object.IsEmpty || Instant(fetched, "updated_at") is not { } updated)
        {
            return false;
        }

        using var known = ApiJson.Parse(head.Object);
        return Instant(known.RootElement, "updated_at") is { } before && updated < before;
    }

    // Deployments and threads say a status, profiles an enforcement status; everything else is there or archived (claude-api §4).
    private static string StatusOf(JsonElement root) =>
        Text(root, "archived_at") is not null ? ContextTransitions.Archived : Text(root, "status") ?? Text(root, "enforcement_status") ?? "active";

    private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? two, DateTimeOffset? three)
    {
        var latest = one;
        latest = latest is null || two > latest ? two ?? latest : latest;
        return latest is null || three > latest ? three ?? latest : latest;
    }

    private sealed record Draft
    {
        public required string Status { get; init; }

        public string? Triage { get; init; }

        public string? StopReason { get; init; }

        public IReadOnlyList<Blocker> Blockers { get; init; } = [];

        public required ReadOnlyMemory<byte> Object { get; init; }

        public required DateTimeOffset AsOf { get; init; }

        public SessionFold? Fold { get; init; }

        public static Draft Of(ContextHead head) => new()
        {
            Status = head.Status,
            Triage = head.Triage,
            StopReason = head.StopReason,
            Blockers = head.Blockers,
            Object = head.Object,
            AsOf = head.AsOf,
            Fold = head.FoldJson is null ? null : SessionFold.Parse(head.FoldJson),
        };
    }
}
