namespace ClaudeDrive.Chaos.Links;

/// <summary>The mode of a link, shared by its connections. Thread-safe.</summary>
internal sealed class LinkState(int seed, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private LinkMode _mode;
    private TimeSpan _delay;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The mode now.</summary>
    public LinkMode Mode
    {
        get
        {
            lock (_gate)
            {
                return _mode;
            }
        }
    }

    /// <summary>Sets the mode and wakes who waits for a change.</summary>
    public void Set(LinkMode mode, TimeSpan delay)
    {
        lock (_gate)
        {
            _mode = mode;
            _delay = delay;
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Waits while bytes may not pass, then as long as this piece is to be late. A late piece goes on at once when the mode changes.</summary>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (mode, wait, changed) = Look();
            if (mode == LinkMode.Latency)
            {
                await Task.WhenAny(Task.Delay(wait, time, cancellationToken), changed);
                cancellationToken.ThrowIfCancellationRequested();
                return;
            }

            if (mode != LinkMode.BlackHole)
            {
                return;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private (LinkMode Mode, TimeSpan Wait, Task Changed) Look()
    {
        lock (_gate)
        {
            var wait = _mode == LinkMode.Latency ? _delay * (0.5 + _random.NextDouble()) : TimeSpan.Zero;
            return (_mode, wait, _changed.Task);
        }
    }
}
