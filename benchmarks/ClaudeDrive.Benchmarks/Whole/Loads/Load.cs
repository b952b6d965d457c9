namespace ClaudeDrive.Benchmarks.Whole.Loads;

/// <summary>What a receiver is given.</summary>
internal sealed record Load
{
    /// <summary>Keep-alive connections.</summary>
    public int Connections { get; init; } = 64;

    /// <summary>Requests per second; 0: as many as are answered.</summary>
    public int Rate { get; init; }

    /// <summary>Event ids in random order instead of ordered by time.</summary>
    public bool RandomIds { get; init; }

    /// <summary>Sessions that the events are about. Chosen: many, so that a storm dirties as many rows as it can.</summary>
    public int Sessions { get; init; } = 10_000;

    /// <summary>So many events in a row are about one session.</summary>
    public int Burst { get; init; } = 1;

    /// <summary>Seconds before measuring.</summary>
    public required double WarmUp { get; init; }

    /// <summary>Seconds measured.</summary>
    public required double Seconds { get; init; }
}
