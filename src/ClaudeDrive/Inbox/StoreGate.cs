namespace ClaudeDrive.Inbox;

/// <summary>Tells workers when the store has been opened. It never closes again: a store that fails later is tried again by whoever needs it.</summary>
internal sealed class StoreGate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True once the store was opened.</summary>
    public bool IsOpen => _opened.Task.IsCompleted;

    /// <summary>The store is open.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>Completes when the store is open.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);
}
