namespace ClaudeDrive.Inbox.Spool;

/// <summary>How writing to the spool ended.</summary>
internal enum SpoolOutcome
{
    /// <summary>On the disk, as far as the disk keeps its promises: the sender may be told 200.</summary>
    Written,

    /// <summary>It would grow beyond its bound, or too many wait to be written.</summary>
    Full,

    /// <summary>The disk did not take it. Whether it is there is open.</summary>
    Failed,

    /// <summary>The disk did not take it in the time that its caller had. It may still come to be there.</summary>
    Late,

    /// <summary>There is no data directory to keep it in.</summary>
    Off,
}
