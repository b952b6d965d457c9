using System.Buffers;
using System.Threading.Tasks.Sources;

namespace ClaudeDrive.Peers;

/// <summary>One record on its way to the log, awaited by its sender; used again afterwards.</summary>
internal sealed class AppendJob(GroupCommitLog log) : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

    /// <summary>The bytes to append; valid until the job is done.</summary>
    public ReadOnlySequence<byte> Body { get; set; }

    /// <summary>What the sender awaits, once.</summary>
    public ValueTask Done => new(this, _core.Version);

    /// <summary>The record is durable.</summary>
    public void Complete() => _core.SetResult(true);

    /// <summary>It is not.</summary>
    public void Fail(Exception cause) => _core.SetException(cause);

    /// <inheritdoc/>
    public void GetResult(short token)
    {
        try
        {
            _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            log.Return(this);
        }
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
