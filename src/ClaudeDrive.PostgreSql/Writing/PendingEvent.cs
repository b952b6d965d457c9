using ClaudeDrive.Inbox;

namespace ClaudeDrive.PostgreSql.Writing;

/// <summary>
/// One event that waits for its commit. The caller may stop waiting at any time: before it is taken it is withdrawn, afterwards only the answer is
/// given up (it may be stored, and a repeat finds it). The body is copied when it is queued, so that the caller's memory is free at once.
/// </summary>
internal sealed class PendingEvent(InboxArrival arrival)
{
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _registration;

    /// <summary>What is stored.</summary>
    public InboxArrival Arrival { get; } = arrival;

    /// <summary>The signed bytes.</summary>
    public byte[] Body { get; } = arrival.Body.ToArray();

    /// <summary>True when the event was new.</summary>
    public Task<bool> Result => _done.Task;

    /// <summary>False when the caller gave up.</summary>
    public bool IsWanted => !_done.Task.IsCompleted;

    /// <summary>Lets the caller stop waiting.</summary>
    public void CancelWith(CancellationToken cancellationToken) => _registration = cancellationToken.UnsafeRegister(
        static (state, token) => ((PendingEvent)state!)._done.TrySetCanceled(token), this);

    /// <summary>It is durable.</summary>
    public void Complete(bool isNew)
    {
        _registration.Unregister();
        _done.TrySetResult(isNew);
    }

    /// <summary>It may not be.</summary>
    public void Fail(Exception cause)
    {
        _registration.Unregister();
        _done.TrySetException(cause);
    }
}
