namespace ClaudeDrive.AspNetCore.Api;

/// <summary>One page of a list (contract §3).</summary>
/// <param name="Data">The rows.</param>
/// <param name="NextCursor">Pass as <c>cursor</c> for the next page; null at the end.</param>
/// <param name="Total">Exact number of rows over all pages.</param>
internal sealed record ListOf<T>(IReadOnlyList<T> Data, string? NextCursor, long Total);
