namespace ClaudeDrive.Audit;

/// <summary>One row of the audit log. Immutable; linked to the row before by <see cref="PreviousHash"/>.</summary>
internal sealed record AuditEntry
{
    /// <summary>Position: from 1, without gaps.</summary>
    public required long Seq { get; init; }

    /// <summary>When it was written, UTC, by the store's clock, to the microsecond.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    public required AuditDraft What { get; init; }

    /// <summary>Hash of the row before; 64 zeros for the first.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>SHA-256 over everything else here, see <see cref="AuditHash"/>; lower-case hex.</summary>
    public required string Hash { get; init; }
}

/// <summary>The end of the log: the newest row's position and hash; zero and 64 zeros when it is empty.</summary>
internal readonly record struct AuditHead(long Seq, string Hash)
{
    /// <summary>The end of an empty log.</summary>
    public static AuditHead Empty { get; } = new(0, new string('0', 64));
}
