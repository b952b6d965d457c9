using System.Diagnostics.CodeAnalysis;
using System.Text;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Inbox;
using ClaudeDrive.Review;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>One event with its payload and everything that became of it.</summary>
internal sealed record EventDetailDto : EventDto
{
    [SetsRequiredMembers]
    private EventDetailDto(EventDto list, EventRecord record, ReadOnlyMemory<byte> body, EventTraceDto trace) : base(list)
    {
        Payload = new RawJson(body);
        PayloadText = Encoding.UTF8.GetString(body.Span);
        ProofRequestId = record.ProofRequestId;
        Trace = trace;
    }

    /// <summary>The payload as JSON.</summary>
    public RawJson Payload { get; init; }

    /// <summary>The signed bytes as text, exactly as received.</summary>
    public required string PayloadText { get; init; }

    /// <summary>The API request id that proves an inferred event; else null.</summary>
    public string? ProofRequestId { get; init; }

    public required EventTraceDto Trace { get; init; }

    public static EventDetailDto Of(EventRecord record, ReadOnlyMemory<byte> body, EventTraceDto trace) =>
        new(EventDto.Of(record), record, body, trace);
}

/// <summary>What became of an event, from its first delivery to the answer it led to.</summary>
internal sealed record EventTraceDto
{
    public required IReadOnlyList<DeliveryDto> Deliveries { get; init; }
    public required IReadOnlyList<FetchDto> Fetches { get; init; }
    public RevisionDto? Revision { get; init; }
    public required IReadOnlyList<ReviewDto> Reviews { get; init; }
    public required IReadOnlyList<SendDto> Sends { get; init; }
}

/// <summary>One answer of the Claude API that the revision was made from.</summary>
/// <param name="RequestId">The API's request id.</param>
/// <param name="FetchedAt">When the fetch began.</param>
/// <param name="Revision">The revision it became part of.</param>
internal sealed record FetchDto(string RequestId, DateTimeOffset FetchedAt, int Revision);

/// <summary>The sending of one answer.</summary>
internal sealed record SendDto
{
    public required string ReviewId { get; init; }
    public required string SendState { get; init; }
    public required int Attempts { get; init; }
    public string? AnsweredBy { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public string? AnswerEventId { get; init; }
    public string? Problem { get; init; }

    /// <summary>The send of an item; null when it was never answered by us.</summary>
    public static SendDto? Find(ReviewItem item) => ReviewDto.FindSendState(item) is not { } state ? null : new SendDto
    {
        ReviewId = item.ReviewId,
        SendState = state,
        Attempts = item.SendAttempts,
        AnsweredBy = item.AnsweredBy,
        AnsweredAt = item.AnsweredAt,
        AnswerEventId = item.AnswerEventId,
        Problem = item.Problem,
    };
}
