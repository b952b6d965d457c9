using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Hosting;

/// <summary>
/// Writes refused deliveries to the store, off the request's path. What waits is lost in a crash: refusals promise nothing. While the store is
/// down they shrink to counts, which are written when it is back.
/// </summary>
internal sealed partial class RejectionRecorder(IInboxStore store, StoreGate gate, TimeProvider time, ILogger<RejectionRecorder> logger) : BackgroundService
{
    /// <summary>How often full records are written. Chosen: a list that lags a second is live enough.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Counts are written at every n-th writing: one row per endpoint and code in ten seconds of a flood.</summary>
    public const int CountsEvery = 10;

    private readonly RejectionLog _log = new();

    /// <summary>Notes one refusal. Never blocks, never throws.</summary>
    public void Note(DeliveryRecord record) => _log.Add(record);

    /// <summary>Writes what waits; with the counts when <paramref name="withCounts"/>. False when the store could not.</summary>
    public async Task<bool> FlushAsync(bool withCounts, CancellationToken cancellationToken)
    {
        var records = _log.Take(withCounts);
        if (records.Count == 0)
        {
            return true;
        }

        try
        {
            await store.RecordDeliveriesAsync(records, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is DriveStoreException or OperationCanceledException)
        {
            _log.PutBack(records);
            Log.NotWritten(logger, records.Count, e);
            return false;
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await FlushAsync(withCounts: true, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            await gate.WaitAsync(stoppingToken).ConfigureAwait(false);
            for (var round = 1; await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false); round = (round % CountsEvery) + 1)
            {
                await FlushAsync(round == CountsEvery, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: StopAsync writes the rest.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2003, LogLevel.Warning, "{Count} records of refused deliveries could not be written; they are kept as counts.")]
        public static partial void NotWritten(ILogger logger, int count, Exception exception);
    }
}
