namespace ClaudeDrive.Hydration;

/// <summary>A call to the Claude API that did not succeed, classified where it is known.</summary>
/// <param name="Class">What it means.</param>
/// <param name="Code">Stable: <c>http_500</c>, <c>timeout</c>, <c>connection</c>, <c>bad_answer</c>, <c>spend_limit</c>, …</param>
/// <param name="Detail">For people; from Claude's error message, shortened; never holds a header or a body of ours.</param>
/// <param name="RetryAfter">How long Claude asked to wait; null when it did not.</param>
/// <param name="MayHaveActed">For writes: true when Claude may have carried the request out although we saw no success.</param>
/// <param name="RequestId">Claude's request id; null when no answer came.</param>
internal sealed record ApiFailure(
    FailureClass Class, string Code, string Detail, TimeSpan? RetryAfter = null, bool MayHaveActed = false, string? RequestId = null)
{
    /// <summary>Code and detail in one line, for <c>last_error</c>.</summary>
    public override string ToString() => Detail.Length == 0 ? Code : $"{Code}: {Detail}";
}
