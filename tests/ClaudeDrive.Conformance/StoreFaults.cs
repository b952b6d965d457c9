namespace ClaudeDrive.Conformance;

/// <summary>What a <see cref="FaultingStore"/> does at its calls. Safe to change at any time.</summary>
internal sealed class StoreFaults
{
    private readonly Lock _gate = new();
    private Func<string, object?[], StoreFault> _decide = static (_, _) => StoreFault.None;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next change: what hangs ends then.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Every call fails so, until changed.</summary>
    public void All(StoreFault fault) => By((_, _) => fault);

    /// <summary>Calls of one method fail so, until changed.</summary>
    public void Only(string method, StoreFault fault) => By((name, _) => name == method ? fault : StoreFault.None);

    /// <summary>Decides by method and arguments.</summary>
    public void By(Func<string, object?[], StoreFault> decide)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _decide = decide;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    /// <summary>The fault of the next call.</summary>
    public StoreFault Next(string method, object?[] args)
    {
        Func<string, object?[], StoreFault> decide;
        lock (_gate)
        {
            decide = _decide;
        }

        return decide(method, args);
    }
}

/// <summary>How a call fails.</summary>
internal enum StoreFault
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Throws; nothing was stored.</summary>
    BeforeCommit,

    /// <summary>Throws; everything was stored.</summary>
    AfterCommit,

    /// <summary>Throws for good, as an opening that only a person can help.</summary>
    Refused,

    /// <summary>Does not answer until the faults change, then throws; nothing was stored.</summary>
    Hang,

    /// <summary>Does not answer until the faults change, then stores and answers.</summary>
    Late,
}
