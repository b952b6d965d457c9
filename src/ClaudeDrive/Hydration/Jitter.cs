namespace ClaudeDrive.Hydration;

/// <summary>The one source of randomness of the workers; seeded in tests. Safe to share.</summary>
internal sealed class Jitter(int? seed = null)
{
    private readonly Lock _lock = new();
    private readonly Random _random = seed is { } value ? new Random(value) : new Random();

    /// <summary>The next draw in [0, 1).</summary>
    public double Next()
    {
        lock (_lock)
        {
            return _random.NextDouble();
        }
    }
}
