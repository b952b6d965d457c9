namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>
/// The connections of one store. What arrives has one of its own, and so has who listens: no list that somebody opens may keep a delivery waiting.
/// </summary>
internal sealed class StoreConnections : IAsyncDisposable
{
    /// <summary>Makes the pools; nothing connects yet.</summary>
    public StoreConnections(PostgreSqlStoreOptions options)
    {
        var pools = new ServerPools(options);
        var catalog = new SqlCatalog(options.Schema);
        Calls = new PostgreSqlDatabase(pools, catalog, options.MaxConnections - 2);
        Ingest = new PostgreSqlDatabase(pools, catalog, 1);
        Listening = new PostgreSqlDatabase(pools, catalog, 1);
    }

    /// <summary>For everything but the other two.</summary>
    public PostgreSqlDatabase Calls { get; }

    /// <summary>For the writer of events.</summary>
    public PostgreSqlDatabase Ingest { get; }

    /// <summary>For who listens.</summary>
    public PostgreSqlDatabase Listening { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Ingest.DisposeAsync().ConfigureAwait(false);
        await Listening.DisposeAsync().ConfigureAwait(false);
        await Calls.DisposeAsync().ConfigureAwait(false);
    }
}
