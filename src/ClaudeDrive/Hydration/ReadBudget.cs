using ClaudeDrive.Ingest;

namespace ClaudeDrive.Hydration;

/// <summary>
/// Token bucket over the reads of one API key (claude-api §6: 1,200 read requests a minute and organization). A more urgent lane is always
/// served first; the two calmer lanes leave a reserve untouched, so that a person never waits behind a backlog. Safe to share.
/// </summary>
internal sealed class ReadBudget : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly double _perSecond;
    private readonly double _capacity;
    private readonly PriorityQueue<Waiter, (int Lane, long Order)> _waiters = new();
    private readonly ITimer _timer;
    private double _tokens;
    private long _order;
    private long _refilledAt;
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;

    /// <summary>Starts full with one minute's reads; <paramref name="readsPerMinute"/> is at least 1.</summary>
    public ReadBudget(int readsPerMinute, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(readsPerMinute, 1);
        _time = time;
        _perSecond = readsPerMinute / 60.0;
        _capacity = readsPerMinute;
        _tokens = readsPerMinute;
        _refilledAt = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((ReadBudget)state!).Serve(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes when a read may be sent. Cancelling gives the place up and takes no token.</summary>
    public Task AcquireAsync(WorkLane lane, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (_lock)
        {
            Refill();
            if (_waiters.Count == 0 && CanTake(lane))
            {
                _tokens -= 1;
                return Task.CompletedTask;
            }

            waiter = new Waiter(lane);
            _waiters.Enqueue(waiter, ((int)lane, _order++));
            Arm();
        }

        return waiter.WaitAsync(cancellationToken);
    }

    /// <summary>Nothing is served before this instant: Claude said wait. The latest instant counts.</summary>
    public void PauseUntil(DateTimeOffset instant)
    {
        lock (_lock)
        {
            _pausedUntil = instant > _pausedUntil ? instant : _pausedUntil;
            Arm();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    private void Serve()
    {
        lock (_lock)
        {
            Refill();
            while (_waiters.TryPeek(out var waiter, out _))
            {
                if (!waiter.IsWaiting)
                {
                    _waiters.Dequeue();
                }
                else if (CanTake(waiter.Lane))
                {
                    _waiters.Dequeue();
                    _tokens -= waiter.TryServe() ? 1 : 0;
                }
                else
                {
                    break;
                }
            }

            Arm();
        }
    }

    private void Refill()
    {
        var now = _time.GetTimestamp(); // Not the wall clock, which may be set.
        _tokens = Math.Min(_capacity, _tokens + (_time.GetElapsedTime(_refilledAt, now).TotalSeconds * _perSecond));
        _refilledAt = now;
    }

    private bool CanTake(WorkLane lane) => _time.GetUtcNow() >= _pausedUntil && _tokens >= 1 + Reserve(lane);

    // A tenth for people while webhooks storm, a quarter while a sweep runs: chosen, not measured.
    private double Reserve(WorkLane lane) => lane switch
    {
        WorkLane.Waiting or WorkLane.Watched => 0,
        WorkLane.Normal => Math.Floor(_capacity / 10),
        _ => Math.Floor(_capacity / 4),
    };

    private void Arm()
    {
        if (!_waiters.TryPeek(out var next, out _))
        {
            return;
        }

        var missing = Math.Max(0, 1 + Reserve(next.Lane) - _tokens) / _perSecond;
        var pause = (_pausedUntil - _time.GetUtcNow()).TotalSeconds;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(missing, Math.Max(pause, 0)) * 1000)), Timeout.InfiniteTimeSpan);
    }

    private sealed class Waiter(WorkLane lane)
    {
        private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public WorkLane Lane => lane;

        public bool IsWaiting => !_served.Task.IsCompleted;

        public bool TryServe() => _served.TrySetResult();

        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            await using (cancellationToken.Register(() => _served.TrySetCanceled(cancellationToken)).ConfigureAwait(false))
            {
                await _served.Task.ConfigureAwait(false);
            }
        }
    }
}
