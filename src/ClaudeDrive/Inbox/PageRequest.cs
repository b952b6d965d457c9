namespace ClaudeDrive.Inbox;

/// <summary>Which part of a list to read: newest first, by position.</summary>
/// <param name="Limit">1 to 200.</param>
/// <param name="Before">Only rows whose position is smaller; null for the first page.</param>
/// <param name="Counted">False: nobody asks for <see cref="Page{T}.Total"/>, which a store may then leave at 0. For walks over every page.</param>
internal readonly record struct PageRequest(int Limit, long? Before = null, bool Counted = true)
{
    /// <summary>Rows of a page when nothing is asked (contract §3).</summary>
    public const int DefaultLimit = 50;

    /// <summary>Rows of a page at most (contract §3).</summary>
    public const int MaxLimit = 200;
}
