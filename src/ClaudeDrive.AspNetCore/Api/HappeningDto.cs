using System.Text.Json.Serialization;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Review;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>
/// One happening of a session's timeline, on both clocks. <c>kind</c> is <c>event</c>, <c>revision</c> or <c>review</c>; fields that a kind does
/// not have are absent.
/// </summary>
internal sealed record HappeningDto
{
    public required string Kind { get; init; }

    /// <summary>When it happened, by Claude's clock (reviews: ours); null when unknown.</summary>
    public DateTimeOffset? HappenedAt { get; init; }

    /// <summary>When we knew, by our clock.</summary>
    public required DateTimeOffset KnownAt { get; init; }

    /// <summary>One line for people.</summary>
    public required string Summary { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EventDto? Event { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RevisionDto? Revision { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReviewStepDto? Review { get; init; }

    public static HappeningDto Of(EventRecord e) => new()
    {
        Kind = "event",
        HappenedAt = e.Envelope.CreatedAt,
        KnownAt = e.ReceivedAt,
        Summary = $"{e.Envelope.EventType} ({Http.EnumText<EventState>.Of(e.State)})",
        Event = EventDto.Of(e),
    };

    public static HappeningDto Of(ContextRevision r) => new()
    {
        Kind = "revision",
        HappenedAt = r.AsOf,
        KnownAt = r.RecordedAt,
        Summary = r.Triage is null ? $"revision {r.Number}: {r.Status}" : $"revision {r.Number}: {r.Status}, {r.Triage}",
        Revision = RevisionDto.Of(r),
    };

    public static HappeningDto Of(ReviewStep s) => new()
    {
        Kind = "review",
        HappenedAt = s.At,
        KnownAt = s.At,
        Summary = $"{s.ReviewId} {Http.EnumText<ReviewState>.Of(s.To)} by {s.Actor}",
        Review = ReviewStepDto.Of(s),
    };
}
