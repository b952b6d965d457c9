namespace ClaudeDrive.Diagnostics;

/// <summary>
/// The store cannot be reached, cannot commit, or refuses to open. The message names the operation and the cause; it never holds a body, a
/// secret or a signature, since it may reach a log or a peer.
/// </summary>
public sealed class DriveStoreException : Exception
{
    /// <summary>Makes one.</summary>
    public DriveStoreException(string message) : base(message)
    {
    }

    /// <summary>Makes one with its cause.</summary>
    public DriveStoreException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>
    /// True when trying again cannot help before a person has changed something: the schema is newer than the program, the file is another
    /// program's, another process holds the directory. Such a refusal to open ends the start.
    /// </summary>
    /// <value>False: unreachable, full, busy; it may pass.</value>
    public bool IsPermanent { get; init; }
}
