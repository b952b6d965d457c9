namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>What may be done when the connection fails under a call.</summary>
internal enum CallKind
{
    /// <summary>Changes nothing: sent again once, and ended when the caller cancels.</summary>
    Read,

    /// <summary>Changes something, but twice is as good as once: sent again once. It may have been committed before; it is not cancelled on its way.</summary>
    Repeat,

    /// <summary>Must not happen twice: the caller learns that nobody knows, and asks. Not cancelled on its way.</summary>
    Once,
}
