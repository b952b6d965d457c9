using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.AspNetCore.Stream;

/// <summary>Tells that a context has a new revision; fetch it for the rest.</summary>
internal sealed record ContextNoteDto
{
    public required string ResourceType { get; init; }
    public required string ResourceId { get; init; }
    public string? SessionId { get; init; }
    public required int Revision { get; init; }
    public required string Cause { get; init; }
    public required string Status { get; init; }
    public string? Triage { get; init; }
    public required DateTimeOffset AsOf { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }
    public required IReadOnlyList<string> EventIds { get; init; }

    public static ContextNoteDto Of(ContextRevision r) => new()
    {
        ResourceType = r.Resource.Type,
        ResourceId = r.Resource.Id,
        SessionId = r.Resource.Type == ResourceKey.SessionType ? r.Resource.Id : null,
        Revision = r.Number,
        Cause = r.Cause,
        Status = r.Status,
        Triage = r.Triage,
        AsOf = r.AsOf,
        RecordedAt = r.RecordedAt,
        EventIds = r.EventIds,
    };
}
