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
}
