using ClaudeDrive.Custody;
using ClaudeDrive.Hydration;
using ClaudeDrive.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Hosting;

/// <summary>
/// Drops the content of sessions that were deleted at Claude, when it has been kept long enough (ADR 0026): in small steps with rests between them, as
/// retention does, and on the node that has that duty. A pass that is cut short is no loss.
/// </summary>
internal sealed partial class ContentWorker(ICustodyStore store, RetentionStatus status, WorkerContext context, ILogger<ContentWorker> logger)
    : BackgroundService
{
    /// <summary>Pause between passes: "at once" means within a minute. Chosen; a pass that finds nothing is one look at an index.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>
    /// One pass; returns the sessions that lost their content. Throws what the store throws; what was dropped before stays dropped, and a session that was
    /// half done is finished by the next pass.
    /// </summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var options = status.Options;
        var cut = new ContentCut(options.DeletedSessions ?? TimeSpan.MaxValue, RetentionWorker.RowsPerStep) { Workspaces = options.DeletedSessionsByWorkspace };
        var (sessions, rows) = (0, 0L);
        if (cut.Workspaces.Values.Append(cut.KeepFor).Min() == TimeSpan.MaxValue)
        {
            return 0;
        }

        while (true)
        {
            var began = context.Time.GetTimestamp();
            var step = await store.DropContentAsync(cut, cancellationToken).ConfigureAwait(false);
            rows += step.Rows;
            sessions += step.SessionId is null ? 0 : 1;
            context.Metrics.RetentionDeleted("content", step.Rows);
            if (step.IsLast)
            {
                break;
            }

            await Task.Delay(RetentionWorker.Rest(context.Time.GetElapsedTime(began)), context.Time, cancellationToken).ConfigureAwait(false);
        }

        if (sessions > 0)
        {
            Log.Dropped(logger, sessions, rows);
        }

        return sessions;
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
                await TryOnceAsync(stoppingToken).ConfigureAwait(false);
                await Task.Delay(Interval, context.Time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: the next process goes on.
        }
    }

    private async Task TryOnceAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await context.Duties.TryHoldAsync(Duties.Retention, stoppingToken).ConfigureAwait(false))
            {
                await RunOnceAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested) // The worker's edge: the next pass tries again.
        {
            Log.Failed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2152, LogLevel.Information, "Dropped the content of {Sessions} deleted sessions, {Rows} rows; their tombstones stay")]
        public static partial void Dropped(ILogger logger, int sessions, long rows);

        [LoggerMessage(2153, LogLevel.Warning, "The content of deleted sessions could not be dropped; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
