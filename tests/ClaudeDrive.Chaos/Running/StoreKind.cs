namespace ClaudeDrive.Chaos.Running;

/// <summary>The store that the nodes use.</summary>
internal enum StoreKind
{
    /// <summary>A file in the data directory of the one node.</summary>
    Sqlite,

    /// <summary>One server for every node.</summary>
    Postgresql,
}
