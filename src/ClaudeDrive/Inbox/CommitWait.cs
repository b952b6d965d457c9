using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;

namespace ClaudeDrive.Inbox;

/// <summary>
/// Waits for one commit, but no longer than its limit: the hot path, so waits are pooled with their timers and cost no memory. When the limit is
/// reached the store is told to give up and the caller is answered at once, whatever the store then does. Its caller awaits a wait once.
/// </summary>
internal sealed class CommitWait : IValueTaskSource<bool>, IDisposable
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Committed = 2;
    private const int TimedOut = 3;

    private readonly Pool _pool;
    private readonly ITimer _timer;
    private readonly Action _committed;
    private readonly CancellationTokenSource _giveUp = new();
    private ManualResetValueTaskSourceCore<bool> _core;
    private ValueTask<bool> _commit;
    private TimeSpan _limit;
    private long _started;
    private int _state;

    private CommitWait(Pool pool)
    {
        _pool = pool;
        _committed = OnCommitted;
        _timer = pool.Time.CreateTimer(static state => ((CommitWait)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public bool GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Finish();
        }
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>Ends a wait that is not pooled again. The store may still hold its token, which is cancelled or never will be.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _giveUp.Dispose();
    }

    private ValueTask<bool> Start(IInboxStore store, InboxArrival arrival, TimeSpan limit)
    {
        (_limit, _started) = (limit, _pool.Time.GetTimestamp());
        Volatile.Write(ref _state, Waiting);
        try
        {
#pragma warning disable CA2012 // Kept so that its one reader, OnCommitted, needs no closure.
            _commit = store.StoreAsync(arrival, _giveUp.Token);
#pragma warning restore CA2012
        }
        catch
        {
            Volatile.Write(ref _state, Idle);
            _pool.Return(this);
            throw;
        }

        _timer.Change(limit, Timeout.InfiniteTimeSpan);
        var awaiter = _commit.ConfigureAwait(false).GetAwaiter();
        if (awaiter.IsCompleted)
        {
            OnCommitted();
        }
        else
        {
            awaiter.UnsafeOnCompleted(_committed);
        }

        return new ValueTask<bool>(this, _core.Version);
    }

    private void OnCommitted()
    {
        var isFirst = Interlocked.CompareExchange(ref _state, Committed, Waiting) == Waiting;
        try
        {
            // Looked at in any case, so that a failure after the time-out is not reported as unobserved.
#pragma warning disable VSTHRD002 // It has ended: this is its continuation.
            var isNew = _commit.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            if (isFirst)
            {
                _core.SetResult(isNew);
            }
        }
#pragma warning disable CA1031 // Whatever the store threw is the caller's, unless it has been answered.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (isFirst)
            {
                _core.SetException(e);
            }
        }
    }

    private void OnTimer()
    {
        if (Volatile.Read(ref _state) != Waiting)
        {
            return;
        }

        // Too early: a callback of the use before that came late, or clocks of different grain.
        if (_limit - _pool.Time.GetElapsedTime(Interlocked.Read(ref _started)) is var left && left > TimeSpan.Zero)
        {
            _timer.Change(left, Timeout.InfiniteTimeSpan);
            return;
        }

        if (Interlocked.CompareExchange(ref _state, TimedOut, Waiting) != Waiting)
        {
            return;
        }

        _giveUp.Cancel();
        _core.SetException(new TimeoutException("The store did not commit in time."));
    }

    /// <summary>Back into the pool, unless the store may still use what this holds.</summary>
    private void Finish()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Committed) != Committed)
        {
            Dispose();
            return;
        }

        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _commit = default;
        _core.Reset();
        if (_giveUp.TryReset())
        {
            _pool.Return(this);
        }
        else
        {
            Dispose();
        }
    }

    /// <summary>The waits that are not in use. As many as there ever were commits at once, which the store's queue bounds.</summary>
    internal sealed class Pool(TimeProvider time)
    {
        private readonly ConcurrentQueue<CommitWait> _idle = new();

        /// <summary>The clock of the limits.</summary>
        public TimeProvider Time { get; } = time;

        /// <summary>
        /// Stores an arrival. Throws what the store throws, and <see cref="TimeoutException"/> when it has not answered within
        /// <paramref name="limit"/>; it may then still commit.
        /// </summary>
        public ValueTask<bool> StoreAsync(IInboxStore store, InboxArrival arrival, TimeSpan limit) =>
            (_idle.TryDequeue(out var wait) ? wait : new CommitWait(this)).Start(store, arrival, limit);

        /// <summary>Takes a wait back that nobody else holds.</summary>
        public void Return(CommitWait wait) => _idle.Enqueue(wait);
    }
}
