using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Review;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>A review item (contract §3, <c>reviews</c>).</summary>
internal record ReviewDto
{
    public required string ReviewId { get; init; }
    public required string SessionId { get; init; }
    public required string Kind { get; init; }
    public required ReviewState State { get; init; }
    public required string BlockingEventId { get; init; }
    public string? ToolName { get; init; }

    /// <summary>The tool's arguments: untrusted content.</summary>
    public RawJson Input { get; init; }

    public required string InputHash { get; init; }
    public string? SessionThreadId { get; init; }
    public DateTimeOffset? WaitingSince { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required int OpenedRevision { get; init; }
    public string? ClaimedBy { get; init; }
    public DateTimeOffset? ClaimExpiresAt { get; init; }
    public string? AnsweredBy { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public RawJson Answer { get; init; }

    /// <summary>null (nothing to send), <c>queued</c>, <c>sending</c>, <c>verifying</c>, <c>confirmed</c> or <c>refused</c>.</summary>
    public string? SendState { get; init; }

    public required int SendAttempts { get; init; }
    public string? AnswerEventId { get; init; }
    public string? Problem { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }

    public static ReviewDto Of(ReviewItem i) => new()
    {
        ReviewId = i.ReviewId,
        SessionId = i.SessionId,
        Kind = i.Blocker.Kind,
        State = i.State,
        BlockingEventId = i.Blocker.BlockingEventId,
        ToolName = i.Blocker.ToolName,
        Input = RawJson.Of(i.Blocker.InputJson),
        InputHash = i.Blocker.InputHash,
        SessionThreadId = i.Blocker.SessionThreadId,
        WaitingSince = i.Blocker.Since,
        OpenedAt = i.OpenedAt,
        OpenedRevision = i.OpenedRevision,
        ClaimedBy = i.ClaimedBy,
        ClaimExpiresAt = i.ClaimExpiresAt,
        AnsweredBy = i.AnsweredBy,
        AnsweredAt = i.AnsweredAt,
        Answer = RawJson.Of(i.AnswerJson),
        SendState = FindSendState(i),
        SendAttempts = i.SendAttempts,
        AnswerEventId = i.AnswerEventId,
        Problem = i.Problem,
        ChangedAt = i.ChangedAt,
    };

    /// <summary>How sending stands; null when there was nothing to send.</summary>
    public static string? FindSendState(ReviewItem item) => item.State switch
    {
        ReviewState.Answered => "queued",
        ReviewState.Sending => "sending",
        ReviewState.Verifying => "verifying",
        ReviewState.Resumed => "confirmed",
        ReviewState.Open or ReviewState.Claimed => item.SendAttempts > 0 ? "refused" : null,
        ReviewState.ClosedElsewhere or ReviewState.Cancelled or ReviewState.Expired => item.AnswerJson is null ? null : "refused",
        _ => null,
    };
}

/// <summary>One review item with its history.</summary>
internal sealed record ReviewDetailDto : ReviewDto
{
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    private ReviewDetailDto(ReviewDto list, IReadOnlyList<ReviewStepDto> history) : base(list) => History = history;

    public required IReadOnlyList<ReviewStepDto> History { get; init; }

    public static ReviewDetailDto Of(ReviewItem item, IReadOnlyList<ReviewStep> steps) =>
        new(ReviewDto.Of(item), [.. steps.Select(ReviewStepDto.Of)]);
}

/// <summary>One step of an item; <c>state</c> is the one after it, under the name that the items use.</summary>
internal sealed record ReviewStepDto(
    string ReviewId, string SessionId, DateTimeOffset At, ReviewState? From, ReviewState To, ReviewState State, string Actor, string? Note)
{
    public static ReviewStepDto Of(ReviewStep s) => new(s.ReviewId, s.SessionId, s.At, s.From, s.To, s.To, s.Actor, s.Note);
}
