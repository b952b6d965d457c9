using ClaudeDrive.Access;
using ClaudeDrive.Hydration;
using ClaudeDrive.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Contexts;

/// <summary>
/// Calls one handler with the revisions' log, from where it stopped. Its position is durable after each call. Of many nodes one calls it.
/// </summary>
internal sealed partial class HandlerWorker(
    string name, Func<ContextChanged, CancellationToken, ValueTask> handler, IContextStore store, ChangeSignal signal, WorkerContext context, ILogger<HandlerWorker> logger)
    : BackgroundService
{
    /// <summary>Revisions read at a time. Chosen.</summary>
    private const int Batch = 100;

    /// <summary>How often the log is read without a signal, for revisions that another node stored.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>Calls the handler for everything that is there now. Returns how many; throws what the handler throws.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var position = await store.FindReaderAsync(name, cancellationToken).ConfigureAwait(false);
        var count = 0;
        while (await ReadAsync(position, cancellationToken).ConfigureAwait(false) is { Count: > 0 } revisions)
        {
            foreach (var revision in revisions)
            {
                await handler(new ContextChanged(revision), cancellationToken).ConfigureAwait(false);
                position = revision.Seq;
                await store.AdvanceReaderAsync(name, position, cancellationToken).ConfigureAwait(false);
                count++;
            }
        }

        return count;
    }

    // Handlers are the embedding program's own: they see everything.
    private async ValueTask<IReadOnlyList<ContextRevision>> ReadAsync(long position, CancellationToken cancellationToken) =>
        (await store.ReadRevisionsAsync(Sight.Everything, position, Batch, cancellationToken).ConfigureAwait(false)).Items;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // Starting the host does not wait for the first call.
        await context.Gate.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = signal.Next;
            var wait = Poll;
            try
            {
                if (await context.Duties.TryHoldAsync(Duties.Handler(name), stoppingToken).ConfigureAwait(false))
                {
                    await RunOnceAsync(stoppingToken).ConfigureAwait(false);
                }

                failures = 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) // The edge to other people's code: the change stays next in line.
            {
                failures++;
                wait = RetrySchedule.Delay(failures, context.Options.BaseDelay, context.Options.MaxDelay, context.Jitter.Next());
                next = Task.Delay(wait, context.Time, stoppingToken);
                Log.Failed(logger, name, failures, wait.TotalSeconds, exception);
            }

            var pause = Task.Delay(wait, context.Time, stoppingToken);
            await Task.WhenAny(next, pause).ConfigureAwait(false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4201, LogLevel.Error, "Handler {Handler} failed {Failures} times in a row; the same change comes again in {DelaySeconds:0.0} s")]
        public static partial void Failed(ILogger logger, string handler, int failures, double delaySeconds, Exception exception);
    }
}
