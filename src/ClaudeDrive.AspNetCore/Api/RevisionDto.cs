using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Contexts;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>One revision of a context, with its cause.</summary>
internal record RevisionDto
{
    public required int Revision { get; init; }
    public required string Cause { get; init; }
    public required IReadOnlyList<string> EventIds { get; init; }
    public required IReadOnlyList<string> RequestIds { get; init; }
    public required DateTimeOffset AsOf { get; init; }
    public required DateTimeOffset FetchedAt { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }
    public required string Status { get; init; }
    public string? Triage { get; init; }

    /// <summary>JSON Patch from the revision before.</summary>
    public RawJson Patch { get; init; }

    public required string SnapshotHash { get; init; }
    public required string PreviousHash { get; init; }
    public required string Hash { get; init; }

    public static RevisionDto Of(ContextRevision r) => new()
    {
        Revision = r.Number,
        Cause = r.Cause,
        EventIds = r.EventIds,
        RequestIds = r.RequestIds,
        AsOf = r.AsOf,
        FetchedAt = r.FetchedAt,
        RecordedAt = r.RecordedAt,
        Status = r.Status,
        Triage = r.Triage,
        Patch = RawJson.Of(r.PatchJson),
        SnapshotHash = r.SnapshotHash,
        PreviousHash = r.PreviousHash,
        Hash = r.Hash,
    };
}

/// <summary>One revision whole.</summary>
internal sealed record RevisionDetailDto : RevisionDto
{
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    private RevisionDetailDto(RevisionDto list, RawJson snapshot) : base(list) => Snapshot = snapshot;

    /// <summary>The context as it was.</summary>
    public RawJson Snapshot { get; init; }

    public static RevisionDetailDto Of(ContextRevision r, ReadOnlyMemory<byte> snapshot) => new(RevisionDto.Of(r), new RawJson(snapshot));
}
