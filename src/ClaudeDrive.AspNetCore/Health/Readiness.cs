using ClaudeDrive.Hosting;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.AspNetCore.Health;

/// <summary>Runs every check, at most once a second however often it is asked: the route is open to everybody.</summary>
internal sealed partial class Readiness(IEnumerable<IReadinessCheck> checks, TimeProvider time, ILogger<Readiness> logger) : IDisposable
{
    /// <summary>How long a result is given out again.</summary>
    public static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(1);

    /// <summary>Longest time for one check.</summary>
    public static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1, 1);
    private ReadinessDto? _last;
    private long _at;

    public async Task<ReadinessDto> CheckAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_last is null || time.GetElapsedTime(_at) >= KeepFor)
            {
                var entries = await Task.WhenAll(checks.Select(RunAsync));
                _last = new ReadinessDto(entries.All(e => e.Code is null) ? "ok" : "failing", entries);
                _at = time.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<CheckDto> RunAsync(IReadinessCheck check)
    {
        var started = time.GetTimestamp();
        string? code;
        using var timeout = new CancellationTokenSource(CheckTimeout, time);
        try
        {
            code = await check.CheckAsync(timeout.Token).AsTask().WaitAsync(CheckTimeout, time, CancellationToken.None);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            code = "timed_out";
        }
        catch (Exception e)
        {
            // The edge of a check: one that breaks is one that fails, and must not hide the others.
            Log.Broke(logger, check.Name, e);
            code = "check_broke";
        }

        return new CheckDto(check.Name, code is null ? "ok" : "failing", code, Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 3), check.Detail);
    }

    private static partial class Log
    {
        [LoggerMessage(7020, LogLevel.Error, "The readiness check {Name} broke.")]
        public static partial void Broke(ILogger logger, string name, Exception exception);
    }
}
