using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;

namespace ClaudeDrive.PostgreSql.Writing;

/// <summary>One look's result that waits for its commit. The caller may stop waiting before it is sent; afterwards it ends with the commit, which is near.</summary>
internal sealed class PendingChange(ResourceLease lease, ContextChange change)
{
    private readonly TaskCompletionSource<ApplyOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isDecided;

    /// <summary>The right to store it.</summary>
    public ResourceLease Lease { get; } = lease;

    /// <summary>What is stored.</summary>
    public ContextChange Change { get; } = change;

    /// <summary>How it ended.</summary>
    public Task<ApplyOutcome> Result => _done.Task;

    /// <summary>Takes it to be sent; false when the caller gave up.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _isDecided, 1, 0) == 0;

    /// <summary>The caller gives up, if it was not taken.</summary>
    public void Withdraw(CancellationToken cancellationToken)
    {
        if (TryTake())
        {
            _done.SetCanceled(cancellationToken);
        }
    }

    /// <summary>The store has answered.</summary>
    public void Complete(ApplyOutcome outcome) => _done.TrySetResult(outcome);

    /// <summary>It may not be stored.</summary>
    public void Fail(Exception cause) => _done.TrySetException(cause);
}
