namespace ClaudeDrive.Network;

/// <summary>How much may be taken now: a burst at most, refilled at a rate. Pure; a value, kept by whoever asks.</summary>
/// <param name="Tokens">What is left at <paramref name="At"/>.</param>
/// <param name="At">When it was last asked, UTC.</param>
internal readonly record struct TokenBucket(double Tokens, DateTimeOffset At)
{
    /// <summary>
    /// Takes one of at most <paramref name="burst"/> that refill at <paramref name="perSecond"/>; false when none is left. A bucket that was never asked
    /// (the default) is full. A clock that goes back refills nothing.
    /// </summary>
    public static bool Take(ref TokenBucket bucket, double perSecond, double burst, DateTimeOffset now)
    {
        var seconds = Math.Max(0, (now - bucket.At).TotalSeconds);
        var tokens = Math.Min(burst, bucket.Tokens + (seconds * perSecond));
        var taken = tokens >= 1;
        bucket = new TokenBucket(taken ? tokens - 1 : tokens, now);
        return taken;
    }
}
