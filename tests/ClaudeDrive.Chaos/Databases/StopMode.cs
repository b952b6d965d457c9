namespace ClaudeDrive.Chaos.Databases;

/// <summary>How a database server is stopped; pg_ctl's own names.</summary>
internal enum StopMode
{
    /// <summary>Sessions are ended, everything is written.</summary>
    Fast,

    /// <summary>No goodbye: the next start recovers from the log, as after a crash.</summary>
    Immediate,
}
