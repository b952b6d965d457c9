using ClaudeDrive.PostgreSql.Connections;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ClaudeDrive.PostgreSql.Listening;

/// <summary>
/// Wakes this process when any node made work or a send due. One connection listens; while it cannot, and beside it in case a notification is
/// lost, everybody is woken by a timer: a wake-up too many costs one look at an empty queue. Since it always waits for the server, it is the first to
/// notice that the server went away.
/// </summary>
internal sealed partial class NotificationListener : IAsyncDisposable
{
    /// <summary>Time between wake-ups without notifications. Chosen: what a look at the queue may be late by.</summary>
    public static readonly TimeSpan PollAlone = TimeSpan.FromSeconds(1);

    /// <summary>Time between wake-ups beside notifications. Chosen: they are only a net.</summary>
    public static readonly TimeSpan PollBeside = TimeSpan.FromSeconds(5);

    /// <summary>How often the connection is used when nothing comes, so that a dead one is noticed. Chosen.</summary>
    private const int KeepAliveSeconds = 10;

    private readonly PostgreSqlDatabase _database;
    private readonly string _channel;
    private readonly Action<char?> _wake;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private readonly Task _poll;
    private volatile bool _isListening;

    /// <summary>Starts; <paramref name="wake"/> gets a notification's kind, or null for everything.</summary>
    public NotificationListener(PostgreSqlDatabase database, PostgreSqlStoreOptions options, Action<char?> wake, TimeProvider time, ILogger logger)
    {
        _database = database;
        _channel = options.Schema;
        _wake = wake;
        _logger = logger;
        if (options is { Listen: true, BehindPooler: true })
        {
            Log.CannotListen(logger);
        }

        _poll = Task.Run(() => PollAsync(time), CancellationToken.None);
        _loop = options is { Listen: true, BehindPooler: false } ? Task.Run(() => LoopAsync(time), CancellationToken.None) : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_loop, _poll).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task PollAsync(TimeProvider time)
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(_isListening ? PollBeside : PollAlone, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _wake(null);
        }
    }

    private async Task LoopAsync(TimeProvider time)
    {
        var isTold = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(() => isTold = false).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The loop's edge: whatever it was, the timer wakes meanwhile and the next try may succeed.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (!isTold)
                {
                    Log.Lost(_logger, e);
                }

                isTold = true;
                _isListening = false;
                _database.Clear();
                await Task.Delay(PollAlone, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(Action begun)
    {
        var connection = await _database.ConnectAsync(_stop.Token).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            connection.Notification += (_, note) => _wake(note.Payload.Length == 1 ? note.Payload[0] : null);
            await RunAsync(connection, $"LISTEN {_channel}").ConfigureAwait(false);
            try
            {
                _isListening = true;
                begun();
                _wake(null); // What came before the connection listened.
                while (true)
                {
                    if (!await connection.WaitAsync(TimeSpan.FromSeconds(KeepAliveSeconds), _stop.Token).ConfigureAwait(false))
                    {
                        await RunAsync(connection, "SELECT 1").ConfigureAwait(false);
                    }
                }
            }
            finally
            {
                // A pooled connection must not go on listening for nobody.
                NpgsqlConnection.ClearPool(connection);
            }
        }
    }

    private async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(_stop.Token).ConfigureAwait(false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2140, LogLevel.Warning, "No connection listens for other nodes' work; the queue is looked at every second until it is back")]
        public static partial void Lost(ILogger logger, Exception exception);

        [LoggerMessage(2141, LogLevel.Information, "Behind a pooler no notifications come: the queue is looked at every second")]
        public static partial void CannotListen(ILogger logger);
    }
}
