using System.Globalization;
using ClaudeDrive.Benchmarks.Whole.Subjects;
using Npgsql;

namespace ClaudeDrive.Benchmarks.Whole.Stores;

/// <summary>Databases on one private PostgreSQL, which is started at first use.</summary>
internal sealed class PostgreSqlHouse(Workplace workplace) : IStoreHouse
{
    private const string DeadBytes = """
        CREATE EXTENSION IF NOT EXISTS pgstattuple;
        SELECT coalesce(sum((pgstattuple(c.oid)).dead_tuple_len), 0)::bigint
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'claudedrive' AND c.relkind = 'r'
        """;

    private readonly List<string> _directories = [];
    private PostgresServer? _server;
    private int _databases;
    private long? _emptyBytes;

    /// <inheritdoc/>
    public Task<StorePlace> NewAsync(CancellationToken cancellationToken) => MakeAsync("template1", cancellationToken);

    /// <inheritdoc/>
    public Task<StorePlace> CopyAsync(StorePlace place, CancellationToken cancellationToken) => MakeAsync(NameOf(place), cancellationToken);

    /// <inheritdoc/>
    public async Task SettleAsync(StorePlace place, CancellationToken cancellationToken)
    {
        await AskAsync(place.ConnectionString!, "VACUUM (ANALYZE)", cancellationToken);
        await AskAsync(place.ConnectionString!, "CHECKPOINT", cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<long> BytesAsync(StorePlace place, CancellationToken cancellationToken)
    {
        // Every database begins with some megabytes of catalogs.
        const string Size = "SELECT pg_database_size(current_database())";
        _emptyBytes ??= await AskAsync(await ServerAsync(cancellationToken), Size, cancellationToken);
        return (await AskAsync(place.ConnectionString!, Size, cancellationToken) - _emptyBytes).GetValueOrDefault();
    }

    /// <inheritdoc/>
    public Task<long?> DeadBytesAsync(StorePlace place, CancellationToken cancellationToken) =>
        AskAsync(place.ConnectionString!, DeadBytes, cancellationToken);

    /// <inheritdoc/>
    public async Task RemoveAsync(StorePlace place, CancellationToken cancellationToken)
    {
        var name = NameOf(place);
        await AskAsync(await ServerAsync(cancellationToken), $"DROP DATABASE {name} WITH (FORCE)", cancellationToken);
        _directories.Remove(place.Directory);
        Directory.Delete(place.Directory, recursive: true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _directories.ForEach(static directory => Directory.Delete(directory, recursive: true));
    }

    private static string NameOf(StorePlace place) => new NpgsqlConnectionStringBuilder(place.ConnectionString).Database!;

    private static async Task<long?> AskAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        // Without a pool: a database that somebody is connected to can be neither copied nor dropped.
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 600 };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of this class and numbered names.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    private async Task<StorePlace> MakeAsync(string template, CancellationToken cancellationToken)
    {
        var server = await ServerAsync(cancellationToken);
        var name = string.Create(CultureInfo.InvariantCulture, $"store{++_databases}");
        await AskAsync(server, $"CREATE DATABASE {name} TEMPLATE {template}", cancellationToken);
        var directory = workplace.NewDirectory("store");
        _directories.Add(directory);
        var connection = new NpgsqlConnectionStringBuilder(server) { Database = name };
        return new StorePlace(directory, connection.ConnectionString, _server!.ProcessId);
    }

    private async Task<string> ServerAsync(CancellationToken cancellationToken)
    {
        _server ??= await PostgresServer.StartAsync(new SubjectSettings(workplace, SlowFsync: false), cancellationToken);
        return _server.ConnectionString;
    }
}
