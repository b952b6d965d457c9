namespace ClaudeDrive.Inbox.Spool;

/// <summary>The spool at one moment.</summary>
/// <param name="Records">Records that wait for the store; those that a damage destroyed count until the drain has passed them.</param>
/// <param name="Bytes">Size of its segments on the disk.</param>
/// <param name="OldestReceivedAt">When the oldest waiting delivery arrived, to a few seconds; null when none waits.</param>
/// <param name="Fill">Size as a part of the bound, 0 to 1.</param>
/// <param name="IsFailing">True when the disk did not take the newest record.</param>
internal sealed record SpoolStatus(long Records, long Bytes, DateTimeOffset? OldestReceivedAt, double Fill, bool IsFailing)
{
    /// <summary>A spool that holds nothing.</summary>
    public static SpoolStatus Empty { get; } = new(0, 0, null, 0, IsFailing: false);
}
