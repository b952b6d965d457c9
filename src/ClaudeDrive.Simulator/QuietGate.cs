namespace ClaudeDrive.Simulator;

/// <summary>Counts work in progress and owns its tasks: nothing is forgotten, and callers can wait until all of it ended.</summary>
internal sealed class QuietGate
{
    private readonly Lock _gate = new();
    private int _busy;
    private TaskCompletionSource _quiet = Completed();

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
            finally
            {
                Leave();
            }
        });
    }

    /// <summary>Completes as soon as nothing is in progress.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _quiet.Task.WaitAsync(cancellationToken);
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
