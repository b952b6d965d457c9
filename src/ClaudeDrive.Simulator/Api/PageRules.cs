namespace ClaudeDrive.Simulator.Api;

/// <summary>How one list is sorted and shown.</summary>
/// <param name="Key">Unique sort key.</param>
/// <param name="Render">JSON of one item.</param>
/// <param name="DefaultOrder"><c>asc</c> or <c>desc</c>.</param>
/// <param name="DefaultLimit">Items per page when the client names no limit.</param>
/// <param name="WithPrevious">Whether the page also carries <c>prev_page</c>.</param>
internal sealed record PageRules<T>(Func<T, long> Key, Func<T, string> Render, string DefaultOrder, int DefaultLimit, bool WithPrevious = false);
