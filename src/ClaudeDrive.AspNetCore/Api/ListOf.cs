namespace ClaudeDrive.AspNetCore.Api;

/// <summary>One page of a list (contract §3).</summary>
/// <param name="Data">The rows.</param>
/// <param name="NextCursor">Pass as <c>cursor</c> for the next page; null at the end.</param>
/// <param name="Total">Number of rows over all pages.</param>
/// <param name="TotalExact">False: there are more than <paramref name="Total"/>, which is what was counted (ADR 0027).</param>
internal sealed record ListOf<T>(IReadOnlyList<T> Data, string? NextCursor, long Total, bool TotalExact = true);
