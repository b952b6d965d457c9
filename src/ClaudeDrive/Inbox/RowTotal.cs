namespace ClaudeDrive.Inbox;

/// <summary>How many rows match a filter, over all pages.</summary>
/// <param name="Count">The number; a lower bound when it is not exact.</param>
/// <param name="IsExact">False: there are more, and nobody counted how many.</param>
internal readonly record struct RowTotal(long Count, bool IsExact = true)
{
    /// <summary>
    /// Rows that are counted one by one at most, so that a filter that much matches is not counted through the whole history: totals beyond come from
    /// counters, or are said to be more. A filter that little matches is not bounded by it (docs/storage.md). Chosen. ADR 0027.
    /// </summary>
    public const int MaxCounted = 100_000;

    /// <summary>An exact number.</summary>
    public static implicit operator RowTotal(long count) => new(count);
}
