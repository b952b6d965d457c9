using System.Net;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Network;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.AspNetCore.Access;

/// <summary>
/// Limits and reports attempts with keys that are none, by their sender's address. Every key is looked at first: a valid one is never refused for what
/// others sent from the same address (a proxy, an office), so whoever floods the API with wrong keys locks nobody out. What keeps a key from being guessed is
/// its length. A request without any key spends nothing. Thread-safe; memory is bounded. See ADR 0024.
/// </summary>
internal sealed partial class FailedKeys(TimeProvider time, ILogger<FailedKeys> logger)
{
    /// <summary>Failures of an address at once. Chosen: a program that starts anew with an old key, with all its requests.</summary>
    public const double Burst = 20;

    /// <summary>Seconds until an address may fail once more. Chosen: ten a minute let a person mend a key, and a program notice.</summary>
    public const int RefillSeconds = 6;

    /// <summary>Shortest time between two lines in the log. Chosen: a day of attack is a few thousand lines, whoever sends it.</summary>
    public static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(30);

    private static readonly Problem TooMany = new(
        429, ProblemCodes.TooManyFailedKeys, "Too many invalid API keys came from this address. A valid one is answered at any time.", RetryAfter: RefillSeconds);

    private readonly SenderBudgets _budgets = new(1.0 / RefillSeconds, Burst, SenderBudgets.NewKey());
    private readonly Lock _gate = new();
    private DateTimeOffset _nextLine;
    private long _count;

    /// <summary>What to answer to a request that <paramref name="problem"/> refuses: the same, or 429 when its address has failed too often.</summary>
    public Problem Judge(HttpContext context, Problem problem)
    {
        if (problem.Status != StatusCodes.Status401Unauthorized || context.Request.Headers.Authorization.Count == 0)
        {
            return problem;
        }

        var (remote, now) = (context.Connection.RemoteIpAddress, time.GetUtcNow());
        Report(remote, now);

        // Without an address there is nobody to limit: a Unix socket, whose permissions say who may write to it.
        return remote is null || _budgets.Take(SourceGroup.Of(remote), now) ? problem : TooMany;
    }

    private void Report(IPAddress? remote, DateTimeOffset now)
    {
        long count;
        lock (_gate)
        {
            _count++;
            if (now < _nextLine)
            {
                return;
            }

            (count, _count, _nextLine) = (_count, 0, now + BetweenLines);
        }

        Log.Refused(logger, count, remote is null ? null : SourceGroup.Plain(remote).ToString());
    }

    private static partial class Log
    {
        [LoggerMessage(7005, LogLevel.Warning, "{Count} requests with invalid API keys were refused since the last of these lines, the newest from {RemoteIp}.")]
        public static partial void Refused(ILogger logger, long count, string? remoteIp);
    }
}
