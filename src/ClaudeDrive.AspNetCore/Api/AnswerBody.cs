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
