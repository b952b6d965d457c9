namespace ClaudeDrive.Ingest;

/// <summary>Order in which due resources share the read budget; lower goes first (design §2, Hydration).</summary>
internal enum WorkLane
{
    /// <summary>A person waits, or will: idles and pending tools.</summary>
    Waiting = 0,

    /// <summary>Somebody looks at it, or asked for it.</summary>
    Watched = 1,

    /// <summary>Every other webhook.</summary>
    Normal = 2,

    /// <summary>Found by a sweep.</summary>
    Reconciliation = 3,
}
