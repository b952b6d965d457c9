using ClaudeDrive.Contexts.Search;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Something that the search found.</summary>
internal sealed record SearchHitDto
{
    /// <summary><c>context</c> or <c>transcript</c>.</summary>
    public required string Kind { get; init; }

    public required string ResourceType { get; init; }
    public required string ResourceId { get; init; }

    /// <summary>The context's title: untrusted text.</summary>
    public string? Title { get; init; }

    public required string Status { get; init; }
    public string? WorkspaceId { get; init; }

    /// <summary>The entry of the transcript; null for a context.</summary>
    public string? EventId { get; init; }

    public string? EventType { get; init; }

    /// <summary>When it happened, by Claude's clock; null while queued.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Where the first word stands: untrusted text; null when the text changed since it was found.</summary>
    public string? Snippet { get; init; }

    public static SearchHitDto Of(SearchHit hit, SearchQuery query) => new()
    {
        Kind = hit.Entry is null ? "context" : "transcript",
        ResourceType = hit.Head.Resource.Type,
        ResourceId = hit.Head.Resource.Id,
        Title = hit.Head.Title,
        Status = hit.Head.Status,
        WorkspaceId = hit.Head.WorkspaceId,
        EventId = hit.Entry?.EventId,
        EventType = hit.Entry?.Type,
        At = hit.Entry is null ? hit.Head.AsOf : hit.Entry.ProcessedAt,
        Snippet = Contexts.Search.Snippet.Of(hit, query),
    };
}
