namespace ClaudeDrive.Inbox;

/// <summary>One step of a retention pass: which rows to look at, and which of them are old enough to go.</summary>
/// <param name="Rows">The table.</param>
/// <param name="KeepFor">Rows received longer ago than this go, by the store's clock; a row of exactly this age stays.</param>
/// <param name="AfterSeq">Rows behind this position are looked at: 0 at the beginning of a pass, then <see cref="RetentionStep.ThroughSeq"/>.</param>
/// <param name="MaxRows">How many of them at most, 1 to 10,000.</param>
internal readonly record struct RetentionCut(RetainedRows Rows, TimeSpan KeepFor, long AfterSeq, int MaxRows);
