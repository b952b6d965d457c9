using System.Collections.Concurrent;
using ClaudeDrive.Access;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.AspNetCore.Access;

/// <summary>Writes down when keys were used: off the request's path, and at most once a minute for each key. What waits is lost in a crash.</summary>
internal sealed partial class KeyUses(IAccessStore store, StoreGate gate, TimeProvider time, ILogger<KeyUses> logger) : BackgroundService
{
    /// <summary>How often uses are written: a key's last use is right to the minute.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);

    /// <summary>Notes one use. Never blocks, never throws.</summary>
    public void Note(string keyId, DateTimeOffset at) => _used[keyId] = at;

    /// <summary>Writes what waits; what could not be written is dropped, since the next use says the same.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var used = Interlocked.Exchange(ref _used, new ConcurrentDictionary<string, DateTimeOffset>(StringComparer.Ordinal));
        if (used.IsEmpty)
        {
            return;
        }

        try
        {
            await store.NoteKeysUsedAsync(used, cancellationToken);
        }
        catch (Exception e) when (e is DriveStoreException or OperationCanceledException)
        {
            Log.NotWritten(logger, used.Count, e);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            await gate.WaitAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await FlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: StopAsync writes the rest.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7030, LogLevel.Warning, "When {Count} keys were last used could not be written.")]
        public static partial void NotWritten(ILogger logger, int count, Exception exception);
    }
}
