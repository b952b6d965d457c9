namespace ClaudeDrive.Inbox;

/// <summary>
/// How a burst becomes one leading look and one trailing look (design §2, Hydration). Fifty events within two seconds then cost two looks.
/// </summary>
/// <param name="Quiet">The trailing look waits for this long without a new event.</param>
/// <param name="MaxWait">But no longer than this after the last look.</param>
internal readonly record struct Coalescing(TimeSpan Quiet, TimeSpan MaxWait)
{
    /// <summary>100 ms and 2 s: chosen so that a single event keeps its speed and a storm costs two looks every two seconds. Not measured.</summary>
    public static Coalescing Default { get; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));
}
