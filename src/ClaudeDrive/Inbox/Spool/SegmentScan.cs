namespace ClaudeDrive.Inbox.Spool;

/// <summary>What was found in a part of a segment: whole records in order, and the bytes that are none.</summary>
/// <param name="Records">Every whole record.</param>
/// <param name="Damage">Bytes between and behind them that are none, in order.</param>
/// <param name="End">Where the last whole record ends.</param>
internal sealed record SegmentScan(IReadOnlyList<FoundRecord> Records, IReadOnlyList<DamagedBytes> Damage, int End)
{
    /// <summary>
    /// Finds the records of <paramref name="bytes"/> from <paramref name="start"/> on, whose numbers are above <paramref name="after"/>. Behind
    /// damage it goes on at the next marker whose number and checksum fit: a damaged record costs itself only, wherever it was hit. Pure.
    /// </summary>
    public static SegmentScan Of(ReadOnlySpan<byte> bytes, int start, long after, uint seed)
    {
        List<FoundRecord> records = [];
        List<DamagedBytes> damage = [];
        var (at, end) = (Math.Min(start, bytes.Length), Math.Min(start, bytes.Length));
        while (at < bytes.Length)
        {
            if (SpoolFormat.TryReadRecord(bytes[at..], seed, out var seq, out var length) && seq > after)
            {
                records.Add(new FoundRecord(seq, at + SpoolFormat.RecordOverhead, length));
                after = seq;
                at += SpoolFormat.RecordOverhead + length;
                end = at;
            }
            else if (FindNext(bytes, at + 1, after, seed) is { } next)
            {
                damage.Add(new DamagedBytes(at, next - at, IsTail: false, IsTorn: false));
                at = next;
            }
            else
            {
                var tail = bytes[at..];
                var isTorn = (SpoolFormat.IsCutShort(tail) && !SpoolFormat.IsWholeButForItsLength(tail, seed)) || !tail.ContainsAnyExcept((byte)0);
                damage.Add(new DamagedBytes(at, tail.Length, IsTail: true, isTorn));
                break;
            }
        }

        return new SegmentScan(records, damage, end);
    }

    private static int? FindNext(ReadOnlySpan<byte> bytes, int from, long after, uint seed)
    {
        while (from < bytes.Length)
        {
            var found = bytes[from..].IndexOf(SpoolFormat.Marker);
            if (found < 0)
            {
                return null;
            }

            from += found;
            var rest = bytes[from..];

            // The numbers that can still come are few: a checksum is only computed for what may be a record, so that no content makes this slow.
            if (SpoolFormat.TryReadLead(rest, out var seq, out _)
                && seq > after && seq - after <= (bytes.Length / SpoolFormat.RecordOverhead) + 1
                && SpoolFormat.TryReadRecord(rest, seed, out _, out _))
            {
                return from;
            }

            from++;
        }

        return null;
    }
}

/// <summary>A whole record.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Offset">Where its payload begins.</param>
/// <param name="Length">Length of its payload.</param>
internal readonly record struct FoundRecord(long Seq, int Offset, int Length);

/// <summary>Bytes that are no whole record.</summary>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many they are.</param>
/// <param name="IsTail">True when no whole record follows.</param>
/// <param name="IsTorn">True when they look like a write that was cut short, which nobody was told of; false when something was destroyed.</param>
internal readonly record struct DamagedBytes(int Offset, int Length, bool IsTail, bool IsTorn);
