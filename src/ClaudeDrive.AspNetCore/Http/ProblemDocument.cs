namespace ClaudeDrive.AspNetCore.Http;

/// <summary>The body of every error answer, as RFC 9457 says.</summary>
internal sealed record ProblemDocument
{
    /// <summary>Names the kind of problem: <c>urn:claudedrive:problem:</c> and the code.</summary>
    public required string Type { get; init; }

    /// <summary>The status in words.</summary>
    public required string Title { get; init; }

    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What happened, for people.</summary>
    public required string Detail { get; init; }

    /// <summary>Stable code, for programs.</summary>
    public required string Code { get; init; }

    /// <summary>Parameter or field at fault; absent when none is.</summary>
    public string? Parameter { get; init; }
}
