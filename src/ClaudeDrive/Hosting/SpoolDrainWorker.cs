using System.Runtime.ExceptionServices;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Hosting;

/// <summary>
/// Moves what waits in the spool into the inbox: in order, in batches, and idempotently, since the inbox knows every event by its id. A segment goes
/// only when everything in it is durable in the store, so a crash at any point moves something twice and nothing never. One per data directory.
/// </summary>
internal sealed partial class SpoolDrainWorker(
    DeliverySpool spool, IDriveStore store, StoreGate gate, TimeProvider time, ILogger<SpoolDrainWorker> logger)
    : BackgroundService
{
    /// <summary>Records stored side by side: half a batch of the store's own writer, so that new deliveries share its commits.</summary>
    public const int BatchSize = 256;

    /// <summary>Longest wait for one batch: nobody waits for it, but a hanging store must not hold the drain for ever. Chosen.</summary>
    public static readonly TimeSpan BatchTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Wait after a first failure; it doubles to <see cref="MaxPause"/>. Chosen.</summary>
    public static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait between tries: what an outage is prolonged by. Chosen.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);

    private readonly RefusalCount _refusals = new();
    private int _batchSize = BatchSize;

    /// <summary>
    /// Moves everything that waits now; returns how many records. Throws what the store throws; what was moved before stays moved, and the next
    /// call goes on behind it.
    /// </summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var moved = 0;
        while (spool.ReadNext() is { } batch)
        {
            for (var from = 0; from < batch.Arrivals.Count;)
            {
                var to = Math.Min(from + _batchSize, batch.Arrivals.Count);
                var (stored, failure) = await StoreAsync(batch, from, to, cancellationToken).ConfigureAwait(false);
                if (stored > 0)
                {
                    from += stored;
                    moved += stored;
                    spool.Advance(batch, from, stored);
                    _refusals.Clear();
                }

                if (failure is null)
                {
                    // It works again: what arrives now need not queue up behind what waits.
                    spool.GoesFirst = false;
                    _batchSize = BatchSize;
                }
                else if (await GiveUpOnAsync(batch, from, failure, cancellationToken).ConfigureAwait(false))
                {
                    from++;
                }
                else
                {
                    ExceptionDispatchInfo.Throw(failure);
                }
            }
        }

        return moved;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // Starting the host does not wait for the drain.
        var failures = 0;
        try
        {
            await gate.WaitAsync(stoppingToken).ConfigureAwait(false);
            while (true)
            {
                var seen = spool.Version;
                if (await TryOnceAsync(failures, stoppingToken).ConfigureAwait(false))
                {
                    failures = 0;
                    await spool.WaitAsync(seen, stoppingToken).ConfigureAwait(false);
                }
                else
                {
                    await Task.Delay(Pause(failures++), time, stoppingToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: what waits stays in the spool.
        }
    }

    /// <summary>100 ms, 200 ms, 400 ms, …, 2 s.</summary>
    private static TimeSpan Pause(int failures) => TimeSpan.FromTicks(Math.Min(MaxPause.Ticks, MinPause.Ticks << Math.Min(failures, 10)));

    private async Task<bool> TryOnceAsync(int failures, CancellationToken stoppingToken)
    {
        try
        {
            var moved = await RunOnceAsync(stoppingToken).ConfigureAwait(false);
            if (moved > 0)
            {
                Log.Drained(logger, moved);
            }

            return true;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) // The worker's edge: the same records come again.
        {
            if (failures == 0)
            {
                Log.Paused(logger, spool.ReadStatus().Records, e);
            }

            return false;
        }
    }

    /// <summary>
    /// Stores the records from <paramref name="from"/> to <paramref name="to"/> in order and side by side. Returns how many of the first are stored
    /// without a gap, and the failure of the next.
    /// </summary>
    private async Task<(int Stored, Exception? Failure)> StoreAsync(SpoolBatch batch, int from, int to, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(BatchTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var calls = new List<Task<bool>>(to - from);
        Exception? failure = null;
        for (var i = from; i < to && failure is null; i++)
        {
            try
            {
                calls.Add(store.StoreAsync(batch.Arrivals[i].Arrival, either.Token).AsTask());
            }
            catch (Exception e) // What is behind a call that failed at once is not asked for: order.
            {
                failure = e;
            }
        }

        for (var stored = 0; stored < calls.Count; stored++)
        {
            try
            {
                await calls[stored].WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (Exception e) // The first failure counts; the rest is looked at so that nothing stays unobserved.
            {
                await ((Task)Task.WhenAll(calls.Skip(stored))).WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
                return (stored, e);
            }
        }

        return (calls.Count, failure);
    }

    /// <summary>
    /// After a failure, records go one by one. True when the first of them is to be passed: the store has refused it long enough while it took
    /// other things, so that it alone holds everything up; it is set aside for a person.
    /// </summary>
    private async Task<bool> GiveUpOnAsync(SpoolBatch batch, int index, Exception failure, CancellationToken cancellationToken)
    {
        var wasAlone = _batchSize == 1;
        _batchSize = 1;
        if (!wasAlone || failure is OperationCanceledException)
        {
            _refusals.Clear();
            return false;
        }

        // Throws when the store is down: then it is not about the record.
        await store.CheckAsync(cancellationToken).ConfigureAwait(false);
        var record = batch.Arrivals[index];
        if (!_refusals.Add(record.Seq, time.GetUtcNow()))
        {
            return false;
        }

        spool.KeepRefused(batch, index);
        spool.Advance(batch, index + 1, 0);
        Log.Refused(logger, record.Arrival.Endpoint, record.Arrival.Envelope.EventId, failure);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(2110, LogLevel.Information, "{Count} deliveries went from the spool into the inbox; the spool is empty")]
        public static partial void Drained(ILogger logger, int count);

        [LoggerMessage(2111, LogLevel.Warning, "The store does not take what waits in the spool ({Count} deliveries); it is tried again until it does")]
        public static partial void Paused(ILogger logger, long count, Exception exception);

        [LoggerMessage(2112, LogLevel.Error, "The store refuses event {EventId} of endpoint {Endpoint} from the spool while it takes others: it is set aside as a file *.refused beside the spool")]
        public static partial void Refused(ILogger logger, string endpoint, string eventId, Exception exception);
    }
}
