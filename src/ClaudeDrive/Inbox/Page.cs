namespace ClaudeDrive.Inbox;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows, newest first.</param>
/// <param name="Next">Position to pass as <see cref="PageRequest.Before"/> for the next page; null at the end.</param>
/// <param name="Total">Number of rows that match the filter, over all pages.</param>
/// <param name="IsTotalExact">False: there are more than <paramref name="Total"/> (see <see cref="RowTotal"/>).</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, long? Next, long Total, bool IsTotalExact = true);
