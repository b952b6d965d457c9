namespace ClaudeDrive.Benchmarks.Whole.Loads;

/// <summary>The line that the load generator prints. Its own documentation says what each number is.</summary>
internal sealed record LoadResult
{
    public double AcceptedPerSecond { get; init; }

    public long Accepted { get; init; }

    public long AcceptedInAll { get; init; }

    public long Refused { get; init; }

    public long Broken { get; init; }

    public long Unanswered { get; init; }

    public double P50Ms { get; init; }

    public double P99Ms { get; init; }

    public double P999Ms { get; init; }

    public double Seconds { get; init; }

    public double CpuSeconds { get; init; }

    public double Busy { get; init; }

    public bool Exhausted { get; init; }
}
