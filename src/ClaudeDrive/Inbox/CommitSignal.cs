namespace ClaudeDrive.Inbox;

/// <summary>
/// Wakes workers after commits without losing a wake-up: a waiter names the version that it read before it looked for work, so that a commit
/// between the look and the wait completes the wait at once. Safe for any number of threads.
/// </summary>
internal sealed class CommitSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = NewSource();
    private long _version;

    /// <summary>How often the signal was raised.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Raises the version by one and completes every wait for an earlier one.</summary>
    public void Raise()
    {
        TaskCompletionSource reached;
        lock (_gate)
        {
            _version++;
            reached = _next;
            _next = NewSource();
        }

        reached.SetResult();
    }

    /// <summary>Completes when <see cref="Version"/> is above <paramref name="seen"/>; at once when it is already.</summary>
    public Task WaitAsync(long seen, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _version > seen ? Task.CompletedTask : _next.Task.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
