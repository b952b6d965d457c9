namespace ClaudeDrive.Inbox;

/// <summary>What one step of a retention pass did.</summary>
/// <param name="Deleted">Rows that are gone.</param>
/// <param name="ThroughSeq">Newest position that was looked at: the next step goes on behind it, so that rows that stay are looked at once in a pass.</param>
/// <param name="IsLast">
/// True at the end of the pass: nothing is behind, or every row that was looked at is too young. Rows are nearly in order of receipt, so those behind
/// are younger still; a few that are not (a spool that was drained late) go in a later pass. A row from the future tells nothing: a clock that was
/// wrong for a while must not end every pass for years.
/// </param>
internal readonly record struct RetentionStep(int Deleted, long ThroughSeq, bool IsLast);
