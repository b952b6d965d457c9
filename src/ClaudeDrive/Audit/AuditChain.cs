namespace ClaudeDrive.Audit;

/// <summary>
/// Checks an audit log row by row, oldest first, without the store. It finds every row that was edited, removed, added or moved, but for one thing:
/// whoever can rewrite the log from some row to its end leaves a chain that holds. Against that helps only an end (<see cref="AuditHead"/>) that was
/// noted elsewhere before.
/// </summary>
internal sealed class AuditChain
{
    private AuditHead _end = AuditHead.Empty;

    /// <summary>The newest row that was checked and found good.</summary>
    public AuditHead End => _end;

    /// <summary>Null when the row follows the one before and its hash fits, else what is wrong. After a fault the check is over.</summary>
    public AuditFault? Check(AuditEntry entry)
    {
        var expected = _end.Seq + 1;
        if (entry.Seq != expected)
        {
            return new AuditFault(expected, entry.Seq > expected ? AuditFaultKind.Removed : AuditFaultKind.OutOfOrder);
        }

        if (AuditHash.Of(entry) != entry.Hash)
        {
            return new AuditFault(entry.Seq, AuditFaultKind.Edited);
        }

        if (entry.PreviousHash != _end.Hash)
        {
            // The row fits its own hash: the one before was replaced, hash and all.
            return new AuditFault(Math.Max(1, entry.Seq - 1), AuditFaultKind.Edited);
        }

        _end = new AuditHead(entry.Seq, entry.Hash);
        return null;
    }

    /// <summary>Null when the rows end where the log is known to end, else what is wrong.</summary>
    public AuditFault? Finish(AuditHead known)
    {
        if (_end.Seq < known.Seq)
        {
            return new AuditFault(_end.Seq + 1, AuditFaultKind.Removed);
        }

        return _end.Seq == known.Seq && _end.Hash != known.Hash ? new AuditFault(known.Seq, AuditFaultKind.Edited) : null;
    }
}

/// <summary>The first thing that is wrong with a log.</summary>
/// <param name="Seq">Position of the row.</param>
/// <param name="Kind">What became of it.</param>
internal sealed record AuditFault(long Seq, AuditFaultKind Kind);

/// <summary>What can be wrong with a row.</summary>
internal enum AuditFaultKind
{
    /// <summary>It is not what it was when it was written, or was put in the place of another.</summary>
    Edited,

    /// <summary>It is missing.</summary>
    Removed,

    /// <summary>Another row stands in its place: rows were repeated or moved.</summary>
    OutOfOrder,
}
