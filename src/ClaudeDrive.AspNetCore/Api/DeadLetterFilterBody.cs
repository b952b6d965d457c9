namespace ClaudeDrive.AspNetCore.Api;

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
