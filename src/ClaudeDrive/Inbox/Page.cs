namespace ClaudeDrive.Inbox;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows, newest first.</param>
/// <param name="Next">Position to pass as <see cref="PageRequest.Before"/> for the next page; null at the end.</param>
/// <param name="Total">Exact number of rows that match the filter, over all pages.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, long? Next, long Total);
