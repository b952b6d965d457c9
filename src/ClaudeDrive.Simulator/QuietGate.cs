namespace ClaudeDrive.Simulator;

/// <summary>Counts work in progress and owns its tasks: nothing is forgotten, and callers can wait until all of it ended.</summary>
internal sealed class QuietGate
{
    private readonly Lock _gate = new();
    private int _busy;
    private TaskCompletionSource _quiet = Completed();
    private Exception? _failure;

    /// <summary>Starts <paramref name="work"/> on the thread pool and counts it until it ended. Cancellation ends it silently.</summary>
    public void Start(Func<Task> work)
    {
        Enter();
        _ = Task.Run(async () =>
        {
            try
            {
                await work();
            }
            catch (OperationCanceledException)
            {
                // The simulator is stopping: unfinished stories and deliveries just end.
            }
            catch (Exception error)
            {
                // The edge of all background work: kept for whoever waits for quiet, so that no failure stays hidden.
                lock (_gate)
                {
                    _failure ??= error;
                }
            }
            finally
            {
                Leave();
            }
        });
    }

    /// <summary>Completes as soon as nothing is in progress. Throws <see cref="InvalidOperationException"/> when some of the work failed.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await DrainAsync().WaitAsync(cancellationToken);
        lock (_gate)
        {
            if (_failure is not null)
            {
                throw new InvalidOperationException("A story or delivery failed: " + _failure.Message, _failure);
            }
        }
    }

    /// <summary>Completes as soon as nothing is in progress, whatever became of it.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            return _quiet.Task;
        }
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.SetResult();
        return source;
    }

    private void Enter()
    {
        lock (_gate)
        {
            if (_busy++ == 0)
            {
                _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_busy == 0)
            {
                _quiet.SetResult();
            }
        }
    }
}
