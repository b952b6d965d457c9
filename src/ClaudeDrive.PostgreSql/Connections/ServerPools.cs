namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>
/// The pools of one store. They lead to the same server: when a connection of one fails, all of them are emptied, so that whoever calls next finds a
/// connection to the server that is there then. Pools are added before any is used.
/// </summary>
internal sealed class ServerPools(PostgreSqlStoreOptions options)
{
    private readonly List<ServerSource> _sources = [];

    /// <summary>Makes another pool of at most that many connections; its user disposes it.</summary>
    public ServerSource Add(int connections)
    {
        var source = new ServerSource(options, connections);
        _sources.Add(source);
        return source;
    }

    /// <summary>Closes what is idle now, and what is in use when it is given back.</summary>
    public void Clear()
    {
        foreach (var source in _sources)
        {
            source.Clear();
        }
    }
}
