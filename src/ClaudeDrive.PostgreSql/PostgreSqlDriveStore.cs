using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Listening;
using ClaudeDrive.PostgreSql.Writing;
using ClaudeDrive.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ClaudeDrive.PostgreSql;

/// <summary>
/// The store of any number of processes on one PostgreSQL. Each write is one call of one function of the schema, one round trip in a transaction
/// of its own; events share theirs (<see cref="EventWriter"/>), and so do changes of contexts
/// (<see cref="ChangeWriter"/>). Leases and due times are by the database's clock.
/// </summary>
internal sealed partial class PostgreSqlDriveStore(
    PostgreSqlStoreOptions options, string nodeId, Coalescing coalescing, TimeProvider time, ILogger<PostgreSqlDriveStore> logger) : IDriveStore
{
    private readonly StoreConnections _connections = new(options);
    private readonly CommitSignal _workSignal = new();
    private readonly CommitSignal _sendSignal = new();
    private EventWriter? _writer;
    private ChangeWriter? _changes;
    private NotificationListener? _listener;

    private PostgreSqlDatabase Calls => _connections.Calls;

    /// <summary>The caller's clock in tests; null: the database's.</summary>
    private DateTimeOffset? Now => options.Clock?.GetUtcNow();

    /// <inheritdoc/>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (_writer is not null)
        {
            throw new InvalidOperationException("The store is open already.");
        }

        try
        {
            var connection = await Calls.ConnectAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                await ServerCheck.RunAsync(connection, cancellationToken).ConfigureAwait(false);
                await PostgreSqlMigrations.ApplyAsync(connection, options.Schema, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (PostgreSqlFailure.IsOfStore(e))
        {
            throw new DriveStoreException(PostgreSqlFailure.Describe("The database could not be opened", e).Message, e)
            {
                IsPermanent = PostgreSqlFailure.NeedsPerson(e),
            };
        }

        _writer = new EventWriter(_connections.Ingest, options.QueueCapacity, coalescing, () => Now, _workSignal.Raise);
        _changes = new ChangeWriter(Calls, job => BindChange(Use("ApplyChange"), job.Lease, job.Change));
        _listener = new NotificationListener(_connections.Listening, options, Wake, options.Clock ?? time, logger);
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken cancellationToken) => await RunAsync(CallKind.Repeat, static use => use("Check"), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<string?> FindSettingAsync(string name, CancellationToken cancellationToken) =>
        FirstAsync(CallKind.Read, use => use("FindSetting").Set("name", name), static row => row.Text(), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<string> AddSettingAsync(string name, string value, CancellationToken cancellationToken)
    {
        while (true)
        {
            var held = await FirstAsync(
                CallKind.Repeat, use => use("AddSetting").Set("name", name).Set("value", value), static row => row.Text(), cancellationToken).ConfigureAwait(false);
            if (held is not null)
            {
                return held;
            }
        }
    }

    /// <summary>Finishes the events that wait, then closes everything. Leases stay until they expire, or are given back before. Safe to call twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_writer is { } writer)
        {
            await writer.DisposeAsync().ConfigureAwait(false);
        }

        if (_changes is { } changes)
        {
            await changes.DisposeAsync().ConfigureAwait(false);
        }

        if (Interlocked.Exchange(ref _listener, null) is { } listener)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        await _connections.DisposeAsync().ConfigureAwait(false);
    }

    private void Wake(char? kind)
    {
        if (kind is null or 'w')
        {
            _workSignal.Raise();
        }

        if (kind is null or 's')
        {
            _sendSignal.Raise();
        }
    }

    /// <summary>An instant of the database's clock as one of this process's, whose timers wait for it.</summary>
    private DateTimeOffset ToLocal(DateTimeOffset instant, DateTimeOffset storeNow) => (options.Clock ?? time).GetUtcNow() + (instant - storeNow);

    private Statement Use(string name)
    {
        if (_writer is null)
        {
            throw new DriveStoreException("The store is not open.");
        }

        return Calls.Catalog.Use(name);
    }

    private Statement Use(string name, SqlPredicate where)
    {
        _ = Use(name);
        return Calls.Catalog.Use(name, where);
    }

    private ValueTask<T?> FirstAsync<T>(CallKind kind, Func<Func<string, Statement>, Statement> make, Func<Row, T> read, CancellationToken cancellationToken) =>
        Calls.ReadFirstAsync(kind, () => make(Use), read, cancellationToken);

    private async ValueTask<IReadOnlyList<T>> AllAsync<T>(
        CallKind kind, Func<Func<string, Statement>, Statement> make, Func<Row, T> read, CancellationToken cancellationToken) =>
        await Calls.ReadAllAsync(kind, () => make(Use), read, cancellationToken).ConfigureAwait(false);

    /// <summary>Runs a statement whose result says nothing.</summary>
    private ValueTask<bool> RunAsync(CallKind kind, Func<Func<string, Statement>, Statement> make, CancellationToken cancellationToken) =>
        Calls.RunAsync(kind, () => [make(Use)], static _ => ValueTask.FromResult(true), cancellationToken);

    /// <summary>Counts row by row, and no further than <see cref="RowTotal.MaxCounted"/>.</summary>
    private Statement Count(string name, SqlPredicate where) => Use(name, where).Set("most", (long?)RowTotal.MaxCounted);

    /// <summary>A total, then a page, in one round trip.</summary>
    private ValueTask<Page<T>> PageAsync<T>(
        Func<Statement> count, Func<Statement> list, Func<Row, (T Row, long Position)> read, PageRequest page, CancellationToken cancellationToken) =>
        Calls.RunAsync(
            CallKind.Read,
            () => [count(), Rows.PageCut.Bind(list(), page)],
            async reader =>
            {
                var total = await PostgreSqlDatabase.ReadTotalAsync(reader).ConfigureAwait(false);
                return Rows.PageCut.Cut(await PostgreSqlDatabase.ReadAllAsync(reader, read).ConfigureAwait(false), page, total);
            },
            cancellationToken);
}
