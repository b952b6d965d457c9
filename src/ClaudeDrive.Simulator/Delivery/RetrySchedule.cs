namespace ClaudeDrive.Simulator.Delivery;

/// <summary>When a failed delivery is tried again.</summary>
internal static class RetrySchedule
{
    /// <summary>Attempts per event, the first included (reference §1.5).</summary>
    public const int MaxAttempts = 3;

    /// <summary>
    /// Wait before attempt <paramref name="number"/> (2 or 3): base × 4^(number−2), stretched by 1 to 2 with <paramref name="draw"/> in [0, 1), at most the maximum.
    /// With the documented bounds of 5 and 120 s: 5–10 s, then 20–40 s.
    /// </summary>
    public static TimeSpan Before(int number, double draw, TimeSpan baseDelay, TimeSpan maxDelay)
    {
        var wait = baseDelay * Math.Pow(4, number - 2) * (1 + draw);
        return wait < maxDelay ? wait : maxDelay;
    }
}
