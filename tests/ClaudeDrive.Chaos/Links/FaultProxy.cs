using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ClaudeDrive.Chaos.Links;

/// <summary>
/// A TCP proxy on loopback between one caller and one target, with faults. It knows nothing of what it carries. Modes may change at any time;
/// connections notice at once. Dispose ends the proxy and resets what is open.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<ProxyConnection, Task> _connections = new();
    private readonly IPEndPoint _target;
    private readonly LinkState _state;
    private readonly Task _accepting;
    private long _accepted;

    private FaultProxy(IPEndPoint target, int seed, TimeProvider time)
    {
        _target = target;
        _state = new LinkState(seed, time);
        _listener.Start();
        _accepting = AcceptAsync(_ending.Token);
    }

    /// <summary>The port that callers use instead of the target's.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections accepted so far.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>True while a connection is open whose answer was swallowed.</summary>
    public bool HasLost => _connections.Keys.Any(static connection => connection.HasLost);

    /// <summary>Begins to listen. The target need not be there: a connection that cannot reach it is reset. <paramref name="seed"/> draws the latencies.</summary>
    public static FaultProxy Start(int targetPort, int seed, TimeProvider time) => new(new IPEndPoint(IPAddress.Loopback, targetPort), seed, time);

    /// <summary>Sets the mode from now on. <paramref name="delay"/> is the mean wait of <see cref="LinkMode.Latency"/>; each is drawn between half and one and a half of it.</summary>
    public void Set(LinkMode mode, TimeSpan delay = default)
    {
        _state.Set(mode, delay);
        foreach (var connection in _connections.Keys.Where(connection => mode == LinkMode.Cut || connection.HasLost))
        {
            connection.Reset();
        }
    }

    /// <summary>Resets every connection once; new ones pass as the mode says.</summary>
    public void Reset()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        Reset();
        await Task.WhenAll(_connections.Values);
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            Socket caller;
            try
            {
                caller = await _listener.AcceptSocketAsync(cancellationToken);
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                continue; // The caller went away between its request and our accept.
            }

            Interlocked.Increment(ref _accepted);
            var connection = new ProxyConnection(caller, _state);
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _connections[connection] = done.Task;
            _ = CarryAsync(connection, done, cancellationToken);
        }
    }

    private async Task CarryAsync(ProxyConnection connection, TaskCompletionSource done, CancellationToken cancellationToken)
    {
        try
        {
            await connection.RunAsync(_target, cancellationToken);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            connection.Reset();
            done.SetResult();
        }
    }
}
