using ClaudeDrive.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Body of an answer; which fields count depends on the type.</summary>
internal sealed record AnswerBody
{
    public required string Type { get; init; }
    public RawJson Content { get; init; }
    public bool? IsError { get; init; }
    public string? Message { get; init; }
    public string? Text { get; init; }
    public string? Amount { get; init; }
    public string? Note { get; init; }
    public string? ExpectedInputHash { get; init; }
}

/// <summary>Body of a claim.</summary>
internal sealed record ClaimBody(bool? Takeover, string? Note);

/// <summary>Body of a release.</summary>
internal sealed record ReleaseBody(string? Note);

/// <summary>The filters of the dead letters, as a body; all absent means all of them.</summary>
internal sealed record DeadLetterFilterBody
{
    public string? Type { get; init; }
    public string? ResourceType { get; init; }
    public string? ResourceId { get; init; }
    public string? SessionId { get; init; }
    public string? WorkspaceId { get; init; }
    public string? Endpoint { get; init; }
    public string? Source { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }
}

/// <summary>How many dead letters were made pending.</summary>
internal sealed record RetriedDto(int Retried);

/// <summary>How many dead letters were dropped.</summary>
internal sealed record DiscardedDto(int Discarded);

/// <summary>What the receiver answers.</summary>
internal sealed record ReceiptDto(string Status, string EventId);
