using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole;

/// <summary>How much is measured.</summary>
internal sealed record BenchOptions
{
    /// <summary>Scenarios to run, by key; empty: all.</summary>
    public required IReadOnlyList<string> Only { get; init; }

    /// <summary>Stores of the product to measure.</summary>
    public required IReadOnlyList<ProductSubject> Stores { get; init; }

    /// <summary>Measurements of each cell; their median counts.</summary>
    public required int Rounds { get; init; }

    /// <summary>Seconds measured each time.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds before.</summary>
    public required double WarmUp { get; init; }

    /// <summary>Everything small and once: to see that it works, not how fast it is.</summary>
    public required bool Quick { get; init; }

    /// <summary>Finished events in the stores of the growth curves, smallest first.</summary>
    public required IReadOnlyList<long> Sizes { get; init; }

    /// <summary>Pending events that the drain begins with.</summary>
    public required long Backlog { get; init; }

    /// <summary>Longest time of the whole run.</summary>
    public required TimeSpan Longest { get; init; }
}
