namespace ClaudeDrive.Inbox.Spool;

/// <summary>Records that wait, in order, all of one segment.</summary>
internal sealed record SpoolBatch(SpoolSegment Segment, IReadOnlyList<SpooledArrival> Arrivals);

/// <summary>One record as it goes into the inbox.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="End">Where it ends in the segment.</param>
/// <param name="Arrival">What it holds.</param>
internal readonly record struct SpooledArrival(long Seq, int End, InboxArrival Arrival);
