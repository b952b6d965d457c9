namespace ClaudeDrive.Sqlite.Writing;

/// <summary>A job of any kind but ingest. Withdrawn by cancellation until it is taken; from then on it ends with the commit, which is near.</summary>
internal sealed class CallJob<T>(Func<WriteScope, T> call) : WriteJob
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource<T> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;
    private T? _result;

    /// <inheritdoc/>
    public override bool FailsAlone => true;

    /// <summary>Waits for the end.</summary>
    public async ValueTask<T> WaitAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static (state, token) => ((CallJob<T>)state!).Withdraw(token), this);
        return await _ended.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <inheritdoc/>
    public override void Run(WriteScope scope) => _result = call(scope);

    /// <inheritdoc/>
    public override void Complete() => _ended.SetResult(_result!);

    /// <inheritdoc/>
    public override void Fail(Exception cause) => _ended.TrySetException(cause);

    private void Withdraw(CancellationToken token)
    {
        if (Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) == Waiting)
        {
            _ended.TrySetCanceled(token);
        }
    }
}
