using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using Npgsql;

namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>
/// The way to the server: a pool of connections, and one round trip a call. When a connection fails, the pool is emptied and, as far as
/// <see cref="CallKind"/> allows, the call is sent once more: a restart of the server costs its callers a moment, not a restart of ours.
/// </summary>
internal sealed class PostgreSqlDatabase : IAsyncDisposable
{
    /// <summary>How often a call that the server undid because of others is sent in all. Chosen, not measured.</summary>
    private const int MaxTries = 3;

    private readonly ServerPools _pools;
    private readonly ServerSource _source;
    private volatile bool _isClosed;

    /// <summary>Makes a pool of at most that many connections; nothing connects yet.</summary>
    public PostgreSqlDatabase(ServerPools pools, SqlCatalog catalog, int connections)
    {
        Catalog = catalog;
        _pools = pools;
        _source = pools.Add(connections);
    }

    /// <summary>The statements, for this schema.</summary>
    public SqlCatalog Catalog { get; }

    /// <summary>True once <see cref="DisposeAsync"/> was called.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>A connection of its own, for what is no single call: migrations and listening. The caller disposes it.</summary>
    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return _source.ConnectAsync(cancellationToken);
    }

    /// <summary>Says that the server was lost.</summary>
    public void Clear() => _pools.Clear();

    /// <summary>Runs statements in one round trip and one transaction, and reads what they return. Throws <see cref="DriveStoreException"/>.</summary>
    public async ValueTask<T> RunAsync<T>(
        CallKind kind, Func<Statement[]> statements, Func<NpgsqlDataReader, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryAsync(kind, statements(), read, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception e) when (PostgreSqlFailure.IsOfStore(e))
            {
                if (_isClosed)
                {
                    throw new DriveStoreException("The store is closed.");
                }

                if (!MayRepeat(kind, e, tries))
                {
                    throw PostgreSqlFailure.Describe("The store could not be reached or could not commit", e);
                }
            }
        }
    }

    /// <summary>
    /// Runs several round trips in one transaction: for changes that administrators make, which are few and decide on what they read. Sent again as a
    /// whole when the server undid it because of others. Throws <see cref="DriveStoreException"/>.
    /// </summary>
    public async ValueTask<T> TransactAsync<T>(Func<PostgreSqlTransaction, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (var tries = 1; ; tries++)
        {
            try
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                var connection = await _source.ConnectAsync(cancellationToken).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    var transaction = await connection.BeginTransactionAsync(CancellationToken.None).ConfigureAwait(false);
                    await using (transaction.ConfigureAwait(false))
                    {
                        var result = await work(new PostgreSqlTransaction(connection)).ConfigureAwait(false);
                        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
                        return result;
                    }
                }
            }
            catch (Exception e) when (PostgreSqlFailure.IsOfStore(e))
            {
                if (_isClosed)
                {
                    throw new DriveStoreException("The store is closed.");
                }

                if (!MayRepeat(CallKind.Once, e, tries))
                {
                    throw PostgreSqlFailure.Describe("The store could not be reached or could not commit", e);
                }
            }
        }
    }

    /// <summary>Runs one statement and reads its rows.</summary>
    public ValueTask<List<T>> ReadAllAsync<T>(CallKind kind, Func<Statement> statement, Func<Row, T> read, CancellationToken cancellationToken) =>
        RunAsync(kind, () => [statement()], reader => ReadAllAsync(reader, read), cancellationToken);

    /// <summary>Runs one statement and reads its first row; the default when there is none.</summary>
    public ValueTask<T?> ReadFirstAsync<T>(CallKind kind, Func<Statement> statement, Func<Row, T> read, CancellationToken cancellationToken) => RunAsync(
        kind,
        () => [statement()],
        async reader => await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false) ? read(new Row(reader)) : default,
        cancellationToken);

    /// <summary>The rows of the current result.</summary>
    public static async ValueTask<List<T>> ReadAllAsync<T>(NpgsqlDataReader reader, Func<Row, T> read)
    {
        var items = new List<T>();
        var row = new Row(reader);
        while (await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            row.Begin();
            items.Add(read(row));
        }

        return items;
    }

    /// <summary>The first number of the current result, 0 when it has no row; then the next result.</summary>
    public static async ValueTask<long> ReadNumberAsync(NpgsqlDataReader reader)
    {
        var number = await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false) ? reader.GetInt64(0) : 0;
        await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
        return number;
    }

    /// <summary>Reads a total, and in its second column, when it has one, whether it is exact; then the next result.</summary>
    public static async ValueTask<RowTotal> ReadTotalAsync(NpgsqlDataReader reader)
    {
        await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        var total = new RowTotal(reader.GetInt64(0), reader.FieldCount == 1 || reader.GetBoolean(1));
        await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
        return total;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _isClosed = true;
        return _source.DisposeAsync();
    }

    private bool MayRepeat(CallKind kind, Exception e, int tries)
    {
        if (PostgreSqlFailure.MayPass(e))
        {
            return tries < MaxTries;
        }

        if (!PostgreSqlFailure.IsOfConnection(e))
        {
            return false;
        }

        // The others were opened to the same server: what is broken is found here, not by the next callers.
        _pools.Clear();
        return kind != CallKind.Once && tries == 1;
    }

    private async ValueTask<T> TryAsync<T>(
        CallKind kind, Statement[] statements, Func<NpgsqlDataReader, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        var connection = await _source.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var batch = new NpgsqlBatch(connection);
            await using (batch.ConfigureAwait(false))
            {
                foreach (var statement in statements)
                {
                    var command = new NpgsqlBatchCommand();
                    statement.Fill(command);
                    batch.BatchCommands.Add(command);
                }

                return await ReadAsync(batch, read, kind == CallKind.Read ? cancellationToken : CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task<T> ReadAsync<T>(NpgsqlBatch batch, Func<NpgsqlDataReader, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var result = await read(reader).ConfigureAwait(false);
                while (await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false))
                {
                    // The end of the batch is where a failed commit shows.
                }

                return result;
            }
        }
        catch (NpgsqlException e) when (e.InnerException is TimeoutException)
        {
            // The server ends a statement before this process gives up on it, so the way to it is dead: the other connections lead the same way.
            _pools.Clear();
            throw;
        }
    }
}
