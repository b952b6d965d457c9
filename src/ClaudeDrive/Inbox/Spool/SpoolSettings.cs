namespace ClaudeDrive.Inbox.Spool;

/// <summary>Where the spool is and how large it may grow.</summary>
internal sealed record SpoolSettings
{
    /// <summary>Its directory; null: there is none, and a store that fails is answered 503.</summary>
    public string? Directory { get; init; }

    /// <summary>Largest size of all segments, in bytes.</summary>
    /// <value>1 GiB: two million deliveries of the usual size, or some three hours of 200 a second.</value>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Size at which a new segment is begun. What a drain reads at once, and the most that a crash may have drained twice if its mark is lost.</summary>
    /// <value>4 MiB; chosen.</value>
    public int SegmentBytes { get; init; } = 4 << 20;
}
