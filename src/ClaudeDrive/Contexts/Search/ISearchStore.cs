using ClaudeDrive.Access;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;

namespace ClaudeDrive.Contexts.Search;

/// <summary>
/// Full-text search over what is stored of contexts and transcripts. The index is kept by <see cref="IContextStore.ApplyAsync"/>, in its transaction, from the
/// redacted form, and emptied where content is dropped. Throws <see cref="DriveStoreException"/> when the store cannot be reached.
/// </summary>
internal interface ISearchStore
{
    /// <summary>Totals are exact up to this many; a larger one says so by being one more. Chosen.</summary>
    public const int MostCounted = 1000;

    /// <summary>
    /// What matches and is seen: contexts by their own <see cref="Sight"/>, entries of a transcript by their session's; newest text first. The filter is part
    /// of the query: pages are full. <see cref="Page{T}.Total"/> is exact up to <see cref="MostCounted"/>, and one more than that for anything beyond.
    /// </summary>
    ValueTask<Page<SearchHit>> SearchAsync(Sight sight, SearchQuery query, PageRequest page, CancellationToken cancellationToken);
}

/// <summary>Something found.</summary>
/// <param name="Position">Its place in the order, descending.</param>
/// <param name="Head">The context.</param>
/// <param name="Entry">The entry of its transcript; null when the context itself was found.</param>
internal sealed record SearchHit(long Position, ContextHead Head, SessionEventRecord? Entry);
