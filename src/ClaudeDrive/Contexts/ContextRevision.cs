using ClaudeDrive.Ingest;

namespace ClaudeDrive.Contexts;

/// <summary>One step in the life of a context. Immutable; linked to the step before by <see cref="PreviousHash"/>.</summary>
internal sealed record ContextRevision
{
    /// <summary>Position over all contexts, ascending in order of storing; 0 before it is stored. Not part of the hash.</summary>
    public long Seq { get; init; }

    /// <summary>The resource.</summary>
    public required ResourceKey Resource { get; init; }

    /// <summary>From 1, without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>Why it exists: <c>webhook</c>, <c>inferred</c>, <c>requested</c> (a person, or after an answer), <c>deleted</c>, <c>gone</c> (404).</summary>
    public required string Cause { get; init; }

    /// <summary>The events that caused it, oldest first; at most <see cref="Inbox.ResourceLease.MaxEvents"/>.</summary>
    public required IReadOnlyList<string> EventIds { get; init; }

    /// <summary>Request ids of the API answers it was made from, in order.</summary>
    public required IReadOnlyList<string> RequestIds { get; init; }

    /// <summary>When it happened, by Claude's clock; see <see cref="ContextHead.AsOf"/>.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>When the fetch began, by our clock.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>When it was planned for storing, by our clock.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>The state concluded.</summary>
    public required string Status { get; init; }

    /// <summary>The triage concluded; null when not idle.</summary>
    public string? Triage { get; init; }

    /// <summary>The context as JSON: <c>status, triage, stop_reason, blockers, transcript {events, last_event_id}, resource</c>.</summary>
    public required ReadOnlyMemory<byte> Snapshot { get; init; }

    /// <summary>JSON Patch (RFC 6902) from the snapshot before to this one, as JSON text; <c>[]</c> for the first.</summary>
    public required string PatchJson { get; init; }

    /// <summary>SHA-256 of <see cref="Snapshot"/>, lower-case hex.</summary>
    public required string SnapshotHash { get; init; }

    /// <summary>Hash of the revision before; 64 zeros for the first.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>SHA-256 over <see cref="PreviousHash"/> and every field of this revision but <see cref="Seq"/>; see <see cref="RevisionHash"/>.</summary>
    public required string Hash { get; init; }
}
