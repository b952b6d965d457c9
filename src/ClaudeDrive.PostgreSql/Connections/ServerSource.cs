using Npgsql;

namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>
/// A pool of connections to the server, or to the primary of several hosts. The connection string is completed: what it says of pooling, timeouts
/// and prepared statements is replaced.
/// </summary>
internal sealed class ServerSource : IAsyncDisposable
{
    /// <summary>What the client waits longer than the server, so that the server's own answer comes first. Chosen.</summary>
    private const int ClientSlackSeconds = 2;

    /// <summary>How long it is believed of one of several hosts that it is, or is not, the primary. Chosen: what a failover is prolonged by.</summary>
    private const int HostRecheckSeconds = 2;

    private readonly NpgsqlDataSource _all;
    private readonly NpgsqlDataSource _writable;

    /// <summary>Makes a pool of at most that many connections; nothing connects yet.</summary>
    public ServerSource(PostgreSqlStoreOptions options, int connections)
    {
        var settings = Settings(options, connections);
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (settings.Host!.Contains(',', StringComparison.Ordinal))
        {
            var hosts = builder.BuildMultiHost();
            (_all, _writable) = (hosts, hosts.WithTargetSession(TargetSessionAttributes.Primary));
        }
        else
        {
            _all = _writable = builder.Build();
        }
    }

    /// <summary>A connection. The caller disposes it.</summary>
    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken) => _writable.OpenConnectionAsync(cancellationToken);

    /// <summary>Closes what is idle now, and what is in use when it is given back.</summary>
    public void Clear() => _all.Clear();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _all.DisposeAsync();

    private static NpgsqlConnectionStringBuilder Settings(PostgreSqlStoreOptions options, int connections)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Pooling = true,
            MinPoolSize = 0,
            MaxPoolSize = connections,
            Timeout = (int)options.ConnectTimeout.TotalSeconds,
            CommandTimeout = (int)options.CommandTimeout.TotalSeconds + ClientSlackSeconds,
            CancellationTimeout = ClientSlackSeconds * 1000,
            Enlist = false,
            IncludeErrorDetail = false,
            TargetSessionAttributes = null, // Always the primary, found again soon after a failover.
            HostRecheckSeconds = HostRecheckSeconds,
            MaxAutoPrepare = options.BehindPooler ? 0 : 100,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true, // Nothing of ours changes a session.
        };
        settings.ApplicationName ??= "ClaudeDrive";
        if (!options.BehindPooler)
        {
            // A pooler refuses settings at the start of a session; there the server's own must do.
            var statement = (long)options.CommandTimeout.TotalMilliseconds;
            settings.Options = FormattableString.Invariant(
                $"{settings.Options} -c statement_timeout={statement} -c idle_in_transaction_session_timeout={statement} -c jit=off -c max_parallel_workers_per_gather=0").Trim();
        }

        return settings;
    }
}
