namespace ClaudeDrive.Hydration;

/// <summary>Exponential backoff with equal jitter: half the step is certain, half is drawn, so that failures of one moment spread out.</summary>
internal static class RetrySchedule
{
    /// <summary>
    /// The wait after the attempt numbered <paramref name="attempt"/> (from 1) failed: <c>min(max, base · 2^(attempt−1)) · (0.5 + 0.5 · draw)</c>.
    /// With base 2 s: 1–2 s, 2–4 s, 4–8 s, … <paramref name="draw"/> is in [0, 1).
    /// </summary>
    public static TimeSpan Delay(int attempt, TimeSpan baseDelay, TimeSpan maxDelay, double draw)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        var step = Math.Min(maxDelay.TotalMilliseconds, baseDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 40)));
        return TimeSpan.FromMilliseconds(step * (0.5 + (0.5 * draw)));
    }
}
