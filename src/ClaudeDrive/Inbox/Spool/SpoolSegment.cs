namespace ClaudeDrive.Inbox.Spool;

/// <summary>What is known of one segment. Changed under the spool's lock only.</summary>
internal sealed class SpoolSegment(string path, SegmentId id)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Its name in every checksum.</summary>
    public SegmentId Id { get; } = id;

    /// <summary>How far it is committed; behind it may be bytes of a write that failed.</summary>
    public int Length { get; set; }

    /// <summary>Number of its last committed record.</summary>
    public long LastSeq { get; set; } = id.FirstSeq - 1;

    /// <summary>How far it is drained.</summary>
    public int DrainedLength { get; set; } = SpoolFormat.HeaderBytes;

    /// <summary>Number of the last record that is durable in the store, or was set aside.</summary>
    public long DrainedSeq { get; set; } = id.FirstSeq - 1;

    /// <summary>When the oldest record that waits was received; null when none waits.</summary>
    public DateTimeOffset? OldestReceivedAt { get; set; }

    /// <summary>True when the disk refused to read it: it is left where it is and tried again at the next start.</summary>
    public bool IsUnreadable { get; set; }

    /// <summary>Numbers that wait.</summary>
    public long Waiting => Math.Max(0, LastSeq - DrainedSeq);
}
