using System.Collections.Concurrent;
using System.Globalization;

namespace ClaudeDrive.Chaos.Nodes;

/// <summary>
/// A node under supervision: whatever ends its process, a new one is started, as an init system would. Remembers each end that nobody ordered.
/// </summary>
internal sealed class Node(NodeParts parts, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Wait before a node that ended by itself is started again. Chosen: what init systems wait, shortened.</summary>
    private static readonly TimeSpan RestartPause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<string> _exits = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _mayRun = Opened();
    private Life? _life;
    private Task _supervising = Task.CompletedTask;
    private int _lives;
    private bool _diskIsFull;

    /// <summary>From 1.</summary>
    public int Number => parts.Number;

    /// <summary>Its address, links, disk and log.</summary>
    public NodeParts Parts => parts;

    /// <summary>Ends that nobody ordered, each as a sentence.</summary>
    public IReadOnlyCollection<string> Exits => _exits;

    /// <summary>Starts on a full disk that failed.</summary>
    public int FailedStarts { get; private set; }

    /// <summary>The process now; null while there is none.</summary>
    public Life? Life
    {
        get
        {
            lock (_gate)
            {
                return _life;
            }
        }
    }

    /// <summary>Starts it and keeps it running until it is disposed. Completes when it listens for the first time.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _supervising = SuperviseAsync(_ending.Token);
        await await Task.WhenAny(_first.Task, _supervising).WaitAsync(cancellationToken);
    }

    /// <summary>SIGKILL. It stays down until <see cref="Revive"/>.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            _mayRun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_life is { } life)
            {
                life.Killed = true;
                life.Process.Kill();
            }
        }
    }

    /// <summary>It may run again.</summary>
    public void Revive()
    {
        lock (_gate)
        {
            _mayRun.TrySetResult();
        }
    }

    /// <summary>SIGSTOP, when it runs.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            _life?.Process.Pause();
        }
    }

    /// <summary>SIGCONT, to whatever process it is now.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            _life?.Process.Resume();
        }
    }

    /// <summary>No byte more fits on its disk. Only with a disk of its own.</summary>
    public async Task FillDiskAsync(CancellationToken cancellationToken)
    {
        await parts.Disk!.FillAsync(cancellationToken);
        MarkDisk(full: true);
    }

    /// <summary>There is room again.</summary>
    public async Task FreeDiskAsync(CancellationToken cancellationToken)
    {
        await parts.Disk!.FreeAsync(cancellationToken);
        MarkDisk(full: false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Kill();
        try
        {
            await _supervising;
        }
        finally
        {
            await parts.Api.DisposeAsync();
            if (parts.Database is { } database)
            {
                await database.DisposeAsync();
            }

            parts.Log.Dispose();
            if (parts.Disk is { } disk)
            {
                await disk.DisposeAsync();
            }

            _ending.Dispose();
        }
    }

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }

    private void MarkDisk(bool full)
    {
        lock (_gate)
        {
            _diskIsFull = full;
            if (full && _life is { Listened: false } life)
            {
                life.StartedOnFullDisk = true;
            }
        }
    }

    private async Task SuperviseAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await GateAsync().WaitAsync(cancellationToken);
                using var process = ServerProcess.Begin(parts.Setup);
                var life = Enter(process);
                try
                {
                    await ListenAsync(life, cancellationToken);
                    await process.ExitedAsync(cancellationToken);
                }
                finally
                {
                    Leave();
                }

                if (!life.Killed)
                {
                    Note(life);
                    await Task.Delay(RestartPause, time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run ends; the process was disposed, which kills it.
        }
    }

    private Task GateAsync()
    {
        lock (_gate)
        {
            return _mayRun.Task;
        }
    }

    private Life Enter(ServerProcess process)
    {
        lock (_gate)
        {
            _life = new Life(++_lives, process, time.GetUtcNow()) { StartedOnFullDisk = _diskIsFull };
            if (!_mayRun.Task.IsCompleted)
            {
                _life.Killed = true; // Killed between the gate and here.
                process.Kill();
            }

            return _life;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _life = null;
        }
    }

    private async Task ListenAsync(Life life, CancellationToken cancellationToken)
    {
        try
        {
            await life.Process.ReadyAsync(cancellationToken);
        }
        catch (InvalidOperationException)
        {
            return; // It ended before: its exit says the rest.
        }

        lock (_gate)
        {
            life.Listened = true;
        }

        _first.TrySetResult();
    }

    private void Note(Life life)
    {
        if (!life.Listened && life.StartedOnFullDisk)
        {
            FailedStarts++;
            return;
        }

        _exits.Enqueue(string.Create(
            CultureInfo.InvariantCulture,
            $"node {Number} ended by itself with {life.Process.ExitCode} after {(time.GetUtcNow() - life.Born).TotalSeconds:F1} s{(life.Listened ? "" : ", before it listened")}"));
    }
}
