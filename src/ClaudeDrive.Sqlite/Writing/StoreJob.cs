using System.Threading.Tasks.Sources;
using ClaudeDrive.Inbox;

namespace ClaudeDrive.Sqlite.Writing;

/// <summary>
/// Storing one event: the hot path, so the job is pooled and is its own awaitable. The caller may stop waiting at any time: before the job is
/// taken it is withdrawn; after its statements ran, only the answer is given up (the event may be stored, and a repeat finds it). While the
/// statements run they read the caller's memory, so a cancellation in between takes effect right after them.
/// </summary>
internal sealed class StoreJob(StoreJobPool pool) : WriteJob, IValueTaskSource<bool>
{
    private const int Waiting = 0;
    private const int Running = 1;
    private const int Written = 2;
    private const int Ended = 3;

    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellation;
    private InboxArrival? _arrival;
    private bool _isNew;
    private int _state;
    private int _givenUp;

    /// <inheritdoc/>
    public override bool FailsAlone => false;

    /// <summary>What the caller awaits, once.</summary>
    public ValueTask<bool> Result => new(this, _core.Version);

    /// <summary>Makes the job ready for one event.</summary>
    public void Start(InboxArrival arrival)
    {
        _arrival = arrival;
        _isNew = false;
        _givenUp = 0;
        _state = Waiting;
    }

    /// <summary>Lets the caller stop waiting. Called once, after the job was queued.</summary>
    public void CancelWith(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static state => ((StoreJob)state!).GiveUp(), this);
    }

    /// <inheritdoc/>
    public override bool TryTake() => Interlocked.CompareExchange(ref _state, Running, Waiting) == Waiting;

    /// <inheritdoc/>
    public override void Run(WriteScope scope)
    {
        try
        {
            _isNew = EventWriting.Store(scope, _arrival!, pool.Coalescing);
        }
        finally
        {
            _arrival = null;
            Interlocked.Exchange(ref _state, Written);
            if (Volatile.Read(ref _givenUp) != 0)
            {
                EndAsCancelled(Written);
            }
        }
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        if (TryEnd())
        {
            _core.SetResult(_isNew);
        }
    }

    /// <inheritdoc/>
    public override void Fail(Exception cause)
    {
        if (TryEnd())
        {
            _core.SetException(cause);
        }
    }

    /// <inheritdoc/>
    public bool GetResult(short token)
    {
        // Waits for a callback that runs: it must not touch the job's next use.
        _registration.Dispose();
        _registration = default;
        _cancellation = default;
        var abandoned = Volatile.Read(ref _givenUp) != 0;
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            if (!abandoned)
            {
                _core.Reset();
                pool.Return(this);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void GiveUp()
    {
        Interlocked.Exchange(ref _givenUp, 1);
        if (!EndAsCancelled(Waiting))
        {
            EndAsCancelled(Written);
        }
    }

    /// <summary>Ends the wait when the job is in that state. The writer may still hold the job, so it is not pooled again.</summary>
    private bool EndAsCancelled(int from)
    {
        if (Interlocked.CompareExchange(ref _state, Ended, from) != from)
        {
            return false;
        }

        _core.SetException(new OperationCanceledException(_cancellation));
        return true;
    }

    private bool TryEnd()
    {
        var before = Interlocked.Exchange(ref _state, Ended);
        return before != Ended;
    }
}
