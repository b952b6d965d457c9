using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.Audit;

/// <summary>
/// The audit log: append-only, one chain of hashes a store, whatever the number of nodes. Changes of other stores write their rows in their own
/// transactions; <see cref="AppendAuditAsync"/> is for what changes nothing. Every method throws <see cref="DriveStoreException"/> when the store
/// cannot be reached or cannot commit.
/// </summary>
internal interface IAuditStore
{
    /// <summary>Appends a row; durable when it returns. Whoever reads what must be audited appends first: what cannot be recorded is not shown.</summary>
    ValueTask<AuditEntry> AppendAuditAsync(AuditDraft what, CancellationToken cancellationToken);

    /// <summary>
    /// Rows newest first: at most <paramref name="limit"/> (1 to 200) with a position below <paramref name="before"/> (null: from the end), and the
    /// exact number of all that match.
    /// </summary>
    ValueTask<AuditPage> ListAuditAsync(AuditFilter filter, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>Rows after <paramref name="afterSeq"/>, oldest first, at most <paramref name="max"/>.</summary>
    ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(long afterSeq, int max, CancellationToken cancellationToken);

    /// <summary>The end of the log, kept apart from its rows: a removed newest row is noticed.</summary>
    ValueTask<AuditHead> FindAuditHeadAsync(CancellationToken cancellationToken);
}

/// <summary>What to list of the audit log; null matches all. Instants: from inclusive, to exclusive.</summary>
internal sealed record AuditFilter
{
    /// <summary>Exact actor.</summary>
    public string? Actor { get; init; }

    /// <summary>Exact action.</summary>
    public string? Action { get; init; }

    /// <summary>Exact resource.</summary>
    public string? Resource { get; init; }

    /// <summary>Written at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Written before.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>One page of the audit log.</summary>
/// <param name="Items">The rows, newest first.</param>
/// <param name="Next">Position to pass for the next page; null at the end.</param>
/// <param name="Total">Number of rows that match.</param>
/// <param name="IsTotalExact">False: there are more than <paramref name="Total"/>.</param>
internal sealed record AuditPage(IReadOnlyList<AuditEntry> Items, long? Next, long Total, bool IsTotalExact = true);
