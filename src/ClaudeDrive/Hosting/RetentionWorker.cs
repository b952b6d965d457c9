using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Hosting;

/// <summary>
/// Deletes what has been kept long enough (ADR 0018): at start and every hour, in small steps with rests between them, so that storing events always
/// goes first. One node does it for all. A pass that is cut short is no loss: the next one finds the same rows.
/// </summary>
internal sealed partial class RetentionWorker(IInboxStore store, RetentionStatus status, WorkerContext context, ILogger<RetentionWorker> logger)
    : BackgroundService
{
    /// <summary>Rows of one step: 500 take about a millisecond, 5,000 long enough to be felt by who waits for a commit (ADR 0018).</summary>
    public const int RowsPerStep = 500;

    /// <summary>Pause between passes. Chosen: nobody minds a row that is kept an hour too long.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Pause after a pass that failed. Chosen: an outage of the store is over or not, and nothing is urgent.</summary>
    public static readonly TimeSpan FailurePause = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Rests are this many times as long as the step before took, waiting for its turn included: retention has at most a fifth of the store, and less
    /// the busier the store is. Chosen, not measured.
    /// </summary>
    private const int RestFactor = 4;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(5);

    /// <summary>
    /// One pass over both tables; returns what it deleted. Deliveries go first: then few are left whose event goes. Throws what the store throws; what
    /// was deleted before stays deleted.
    /// </summary>
    public async Task<RetentionPass> RunOnceAsync(CancellationToken cancellationToken)
    {
        var began = context.Time.GetTimestamp();
        var options = status.Options;
        var deliveries = await DeleteAsync(RetainedRows.Deliveries, options.Deliveries, cancellationToken).ConfigureAwait(false);
        var events = await DeleteAsync(RetainedRows.Events, options.Events, cancellationToken).ConfigureAwait(false);
        if (events + deliveries > 0)
        {
            Log.Deleted(logger, events, deliveries, context.Time.GetElapsedTime(began).TotalMilliseconds);
        }

        return status.Last = new RetentionPass(context.Time.GetUtcNow(), events, deliveries);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // Starting the host does not wait for the first pass.
        try
        {
            await context.Gate.WaitAsync(stoppingToken).ConfigureAwait(false);
            while (true)
            {
                await Task.Delay(await TryOnceAsync(stoppingToken).ConfigureAwait(false), context.Time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: the next process goes on.
        }
    }

    /// <summary>Runs a pass when it is this node's duty; returns how long to wait then.</summary>
    private async Task<TimeSpan> TryOnceAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (!await context.Duties.TryHoldAsync(Duties.Retention, stoppingToken).ConfigureAwait(false))
            {
                return NodeTimes.HeartbeatEvery;
            }

            await RunOnceAsync(stoppingToken).ConfigureAwait(false);
            return Interval;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested) // The worker's edge: the next pass tries again.
        {
            Log.Failed(logger, exception);
            return FailurePause;
        }
    }

    private async Task<long> DeleteAsync(RetainedRows rows, TimeSpan? keepFor, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        for (var cut = new RetentionCut(rows, keepFor ?? default, 0, RowsPerStep); keepFor is not null;)
        {
            var began = context.Time.GetTimestamp();
            var step = await store.DeleteFinishedAsync(cut, cancellationToken).ConfigureAwait(false);
            deleted += step.Deleted;
            context.Metrics.RetentionDeleted(rows == RetainedRows.Events ? "events" : "deliveries", step.Deleted);
            if (step.IsLast)
            {
                break;
            }

            cut = cut with { AfterSeq = step.ThroughSeq };
            await Task.Delay(Rest(context.Time.GetElapsedTime(began)), context.Time, cancellationToken).ConfigureAwait(false);
        }

        return deleted;
    }

    private static TimeSpan Rest(TimeSpan step)
    {
        var rest = RestFactor * step;
        return rest < ShortestRest ? ShortestRest : rest > LongestRest ? LongestRest : rest;
    }

    private static partial class Log
    {
        [LoggerMessage(2150, LogLevel.Information, "Retention deleted {Events} events and {Deliveries} records of deliveries that were old enough, in {DurationMs:0} ms")]
        public static partial void Deleted(ILogger logger, long events, long deliveries, double durationMs);

        [LoggerMessage(2151, LogLevel.Warning, "Retention could not delete what is old enough; it tries again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
