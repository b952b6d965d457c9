using ClaudeDrive.Access;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Storage;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.AspNetCore.Stream;

/// <summary>
/// Tells all connected clients at once that a tail may have grown: one reader of the store however many clients. Looks at the store at every
/// signal of new work and at least every <see cref="Interval"/>, and only while somebody is connected.
/// </summary>
internal sealed partial class TailPulse(IDriveStore store, TimeProvider time, ILogger<TailPulse> logger) : IAsyncDisposable
{
    /// <summary>Longest time until a change is noticed. Chosen: a person cannot tell it from at once.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _running;
    private Task _watching = Task.CompletedTask;
    private int _clients;

    /// <summary>Completes at the next change. Take it before reading the store, so that no change between reading and waiting is missed.</summary>
    public Task Next
    {
        get
        {
            lock (_gate)
            {
                return _next.Task;
            }
        }
    }

    /// <summary>Joins, unless <paramref name="max"/> clients are connected. Dispose the result to leave.</summary>
    public IDisposable? Join(int max)
    {
        lock (_gate)
        {
            if (_clients >= max)
            {
                return null;
            }

            if (_clients++ == 0)
            {
                _running = new CancellationTokenSource();
                var token = _running.Token;
                _watching = Task.Run(() => WatchAsync(token), CancellationToken.None);
            }

            return new Membership(this);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task watching;
        lock (_gate)
        {
            _running?.Cancel();
            _running?.Dispose();
            _running = null;
            watching = _watching;
        }

        await watching;
    }

    // Ends by its token when the last client leaves; fails at nothing: what it catches it logs, and tries again at the next beat.
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var reader = new TailReader(store);
        StreamPosition? seen = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var version = store.WorkVersion;
                if (seen is null)
                {
                    seen = await reader.EndAsync(cancellationToken);
                    Beat();
                }
                else
                {
                    var (_, next) = await reader.ReadAsync(Sight.Everything, seen.Value, StreamTopics.None, cancellationToken);
                    if (next != seen)
                    {
                        seen = next;
                        Beat();
                    }
                }

                await PauseAsync(version, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (DriveStoreException e)
            {
                Log.NotRead(logger, e);
                await Task.Delay(Interval, time, CancellationToken.None);
            }
        }
    }

    private async Task PauseAsync(long version, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timer = Task.Delay(Interval, time, enough.Token);
        var work = store.WaitForWorkAsync(version, enough.Token);
        await Task.WhenAny(timer, work);
        await enough.CancelAsync();
        await Task.WhenAll(timer, work).ContinueWith(
            static t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Beat()
    {
        lock (_gate)
        {
            _next.TrySetResult();
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_clients == 0)
            {
                _running?.Cancel();
                _running?.Dispose();
                _running = null;
            }
        }
    }

    private sealed class Membership(TailPulse pulse) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                pulse.Leave();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7010, LogLevel.Warning, "The live tail could not be read; it is tried again.")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }
}
