using ClaudeDrive.Diagnostics;
using ClaudeDrive.Ingest;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Hydration;

/// <summary>
/// This node's queue before the reads of one API key (claude-api §6: 1,200 read requests a minute and organization); the tokens come from a bucket
/// in the store that all nodes share. A more urgent lane is always served first; the two calmer lanes leave a reserve untouched, so that a person
/// never waits behind a backlog. One request to the store is under way at a time and asks for everybody who waits. Safe to share.
/// </summary>
internal sealed partial class ReadBudget : IDisposable
{
    /// <summary>Most tokens asked for at once, so that one node's burst does not empty the bucket of all. Chosen.</summary>
    private const int MaxWant = 64;

    /// <summary>Wait after the store failed. As <see cref="Inbox.LeasedWorker{TLease}"/>.</summary>
    private static readonly TimeSpan StorePause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ReadRequest _template;
    private readonly IReadBudgetStore _store;
    private readonly ILogger _logger;
    private readonly Queue<Waiter>[] _lanes = [.. Enum.GetValues<WorkLane>().Select(static _ => new Queue<Waiter>())];
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private DateTimeOffset _pauseUntil = DateTimeOffset.MinValue;
    private bool _pauseIsNew;
    private bool _isAsking;

    // The lane that waits for the timer; a more urgent one does not wait with it.
    private int _sleepingLane = int.MaxValue;

    /// <summary>A queue before the bucket named <paramref name="bucket"/>, which holds one minute's reads; <paramref name="readsPerMinute"/> is at least 1.</summary>
    public ReadBudget(string bucket, int readsPerMinute, IReadBudgetStore store, TimeProvider time, ILogger<ReadBudget> logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(readsPerMinute, 1);
        _template = new ReadRequest { Bucket = bucket, PerMinute = readsPerMinute, Want = 0 };
        _store = store;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(static state => ((ReadBudget)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes when a read may be sent. Cancelling gives the place up.</summary>
    public Task AcquireAsync(WorkLane lane, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Waiter();
        lock (_lock)
        {
            _lanes[(int)lane].Enqueue(waiter);
            if (_isAsking || (int)lane >= _sleepingLane)
            {
                return waiter.WaitAsync(cancellationToken);
            }

            _isAsking = true;
        }

        _ = AskAsync(); // Ends by itself and tells its failures itself.
        return waiter.WaitAsync(cancellationToken);
    }

    /// <summary>Nothing is served before this instant, on any node: Claude said wait. The latest instant counts.</summary>
    public void PauseUntil(DateTimeOffset instant)
    {
        lock (_lock)
        {
            if (instant <= _pauseUntil)
            {
                return;
            }

            _pauseUntil = instant;
            _pauseIsNew = true;
            if (_isAsking)
            {
                return;
            }

            _isAsking = true;
        }

        _ = AskAsync(); // As above.
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _timer.Dispose();
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Wake()
    {
        lock (_lock)
        {
            _sleepingLane = int.MaxValue;
            if (_isAsking)
            {
                return;
            }

            _isAsking = true;
        }

        _ = AskAsync(); // As above.
    }

    // Asks until nobody waits or the bucket is empty. As long as the store answers at once, so does this.
    private async Task AskAsync()
    {
        while (Next() is var (lane, request))
        {
            ReadGrant grant;
            try
            {
                grant = await _store.TakeReadsAsync(request, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return; // Disposed: nobody is served any more.
            }
            catch (Exception exception) // The edge to the store: whoever waits goes on waiting, and gives up by its own token.
            {
                Log.NoBudget(_logger, exception);
                grant = new ReadGrant(0, StorePause);
                KeepPause(request);
            }

            if (!GoesOn(lane, request, grant))
            {
                return;
            }
        }
    }

    private (int Lane, ReadRequest Request)? Next()
    {
        lock (_lock)
        {
            var lane = FirstLane();
            if (lane is null && !_pauseIsNew)
            {
                _isAsking = false;
                return null;
            }

            var pause = _pauseIsNew ? _pauseUntil - _time.GetUtcNow() : TimeSpan.Zero;
            _pauseIsNew = false;
            var first = lane ?? _lanes.Length - 1;
            return (first, _template with { Want = Math.Min(_lanes[first].Count, MaxWant), Reserve = Reserve((WorkLane)first), PauseFor = pause });
        }
    }

    private void KeepPause(ReadRequest request)
    {
        lock (_lock)
        {
            _pauseIsNew |= request.PauseFor > TimeSpan.Zero;
        }
    }

    private bool GoesOn(int lane, ReadRequest request, ReadGrant grant)
    {
        lock (_lock)
        {
            for (var left = grant.Granted; left > 0 && _lanes[lane].TryDequeue(out var waiter);)
            {
                left -= waiter.TryServe() ? 1 : 0; // What is left over by those who gave up is lost: a little less than allowed.
            }

            if (grant.Granted == request.Want && request.Want > 0)
            {
                return true;
            }

            if (FirstLane() is { } first && first < lane)
            {
                return true; // Somebody more urgent came meanwhile.
            }

            _isAsking = false;
            if (FirstLane() is { } waiting)
            {
                _sleepingLane = waiting;
                _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(1, grant.Wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
            }

            return false;
        }
    }

    private int? FirstLane()
    {
        for (var lane = 0; lane < _lanes.Length; lane++)
        {
            while (_lanes[lane].TryPeek(out var waiter))
            {
                if (waiter.IsWaiting)
                {
                    return lane;
                }

                _lanes[lane].Dequeue();
            }
        }

        return null;
    }

    // A tenth for people while webhooks storm, a quarter while a sweep runs: chosen, not measured.
    private int Reserve(WorkLane lane) => lane switch
    {
        WorkLane.Waiting or WorkLane.Watched => 0,
        WorkLane.Normal => _template.PerMinute / 10,
        _ => _template.PerMinute / 4,
    };

    private sealed class Waiter
    {
        private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsWaiting => !_served.Task.IsCompleted;

        public bool TryServe() => _served.TrySetResult();

        public Task WaitAsync(CancellationToken cancellationToken) =>
            _served.Task.IsCompleted ? _served.Task : WaitForTurnAsync(cancellationToken);

        private async Task WaitForTurnAsync(CancellationToken cancellationToken)
        {
            await using (cancellationToken.Register(() => _served.TrySetCanceled(cancellationToken)).ConfigureAwait(false))
            {
                await _served.Task.ConfigureAwait(false);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3004, LogLevel.Warning, "The budget of reads could not be asked; reads wait for the store")]
        public static partial void NoBudget(ILogger logger, Exception exception);
    }
}
