using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Inbox;

/// <summary>
/// The loop that every worker over leases shares: claim as many as there are free slots, work on each side by side, wait for a signal or for
/// the next due time. It begins when the store is open. Stopping cancels the work in hand, which gives its leases back, and waits for that.
/// </summary>
internal abstract partial class LeasedWorker<TLease>(int concurrency, StoreGate gate, TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>Wait after the store failed. Short: an outage of the store must not add to its own length. Chosen.</summary>
    private static readonly TimeSpan StorePause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Longest sleep while something is due later. Due times are by the wall clock and sleep is not: when somebody sets the clock forward, work that
    /// is due by it waits no longer than this; and no distance is too long to be slept. Chosen.
    /// </summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    // Never disposed: it holds nothing without a wait handle, and a host that fails to start disposes its services under running loops.
    private readonly SemaphoreSlim _slots = new(concurrency);

    /// <summary>When the loop last had a look at the store; for health.</summary>
    public DateTimeOffset? LastSeen { get; private set; }

    /// <summary>Grows when work may have become due; see <see cref="IInboxStore.WorkVersion"/>.</summary>
    protected abstract long Version { get; }

    /// <summary>Claims up to <paramref name="max"/>.</summary>
    protected abstract ValueTask<IReadOnlyList<TLease>> ClaimAsync(int max, CancellationToken cancellationToken);

    /// <summary>When the next work is due; null when none is.</summary>
    protected abstract ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken);

    /// <summary>Completes when work may have become due since <paramref name="seen"/>.</summary>
    protected abstract Task WaitAsync(long seen, CancellationToken cancellationToken);

    /// <summary>Works on one lease to a recorded end. Must not throw for anything but a broken store.</summary>
    protected abstract Task WorkAsync(TLease lease, CancellationToken stoppingToken);

    /// <summary>One pass: claims once and finishes what it claimed. Returns how many.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var leases = await ClaimAsync(concurrency, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(leases.Select(lease => WorkAsync(lease, cancellationToken))).ConfigureAwait(false);
        return leases.Count;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // Starting the host does not wait for the first pass.
        HashSet<Task> running = [];
        try
        {
            await gate.WaitAsync(stoppingToken).ConfigureAwait(false);
            while (!stoppingToken.IsCancellationRequested)
            {
                running.RemoveWhere(static task => task.IsCompleted);
                await PassAsync(running, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop: the work in hand is waited for below.
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private async Task PassAsync(HashSet<Task> running, CancellationToken stoppingToken)
    {
        await _slots.WaitAsync(stoppingToken).ConfigureAwait(false);
        var taken = 1;
        while (taken < concurrency && await _slots.WaitAsync(TimeSpan.Zero, stoppingToken).ConfigureAwait(false))
        {
            taken++;
        }

        var used = 0;
        try
        {
            var seen = Version;
            LastSeen = time.GetUtcNow();
            var leases = await ClaimAsync(taken, stoppingToken).ConfigureAwait(false);
            foreach (var lease in leases)
            {
                running.Add(RunAsync(lease, stoppingToken));
                used++;
            }

            if (used == 0)
            {
                await IdleAsync(seen, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested) // The loop's edge: a worker that ends here would end unnoticed.
        {
            Log.StoreFailed(logger, GetType().Name, exception);
            await Task.Delay(StorePause, time, stoppingToken).ConfigureAwait(false);
        }
        finally
        {
            if (taken > used)
            {
                _slots.Release(taken - used);
            }
        }
    }

    private async Task IdleAsync(long seen, CancellationToken stoppingToken)
    {
        var due = await NextDueAsync(stoppingToken).ConfigureAwait(false);
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var signal = WaitAsync(seen, wake.Token);
        if (due is { } at)
        {
            await Task.WhenAny(signal, Task.Delay(Sleep(at - time.GetUtcNow()), time, wake.Token)).ConfigureAwait(false);
        }
        else
        {
            await Task.WhenAny(signal).ConfigureAwait(false);
        }

        await wake.CancelAsync().ConfigureAwait(false);
        stoppingToken.ThrowIfCancellationRequested();
    }

    private static TimeSpan Sleep(TimeSpan untilDue) =>
        untilDue <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : untilDue < LongestSleep ? untilDue : LongestSleep;

    private async Task RunAsync(TLease lease, CancellationToken stoppingToken)
    {
        try
        {
            await WorkAsync(lease, stoppingToken).ConfigureAwait(false);
        }
        catch (Exception exception) // The worker's edge: the lease expires by itself and the work is tried again.
        {
            Log.WorkFailed(logger, GetType().Name, exception);
        }
        finally
        {
            _slots.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Error, "{Worker} cannot reach the store; it tries again")]
        public static partial void StoreFailed(ILogger logger, string worker, Exception exception);

        [LoggerMessage(2002, LogLevel.Error, "{Worker} left work unfinished; its lease will expire and the work be tried again")]
        public static partial void WorkFailed(ILogger logger, string worker, Exception exception);
    }
}
