namespace ClaudeDrive.Inbox;

/// <summary>A portion of a log, oldest first.</summary>
/// <param name="Items">The rows that may be seen.</param>
/// <param name="Through">
/// Position to go on from: every row up to it is among the items or may not be seen. Larger than that of the last item when rows were passed over,
/// so that whoever sees little does not walk over the same rows again.
/// </param>
internal sealed record Tail<T>(IReadOnlyList<T> Items, long Through)
{
    /// <summary>Rows that one read passes over at most. Chosen: a read stays short however little is seen.</summary>
    public const int Window = 10_000;

    /// <summary>
    /// The portion after <paramref name="after"/> of at most <paramref name="max"/> rows; <paramref name="looked"/> is the last position that was
    /// looked at when it is not full.
    /// </summary>
    public static Tail<T> Of(IReadOnlyList<T> items, Func<T, long> position, int max, long after, long looked) =>
        new(items, items.Count > 0 && items.Count >= max ? position(items[^1]) : Math.Max(after, looked));
}
