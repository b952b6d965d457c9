using ClaudeDrive.Chaos.Reporting;

namespace ClaudeDrive.Chaos.Running;

/// <summary>How a run ended.</summary>
/// <param name="Row">Its figures.</param>
/// <param name="Breaches">What must not be, each as a sentence; empty when all held.</param>
/// <param name="Notes">Errors in the logs that no fault explains, for a person to look at.</param>
internal sealed record RunResult(RunRow Row, IReadOnlyList<string> Breaches, IReadOnlyList<string> Notes)
{
    /// <summary>Where logs and ledger were kept; null when they were not.</summary>
    public string? Kept { get; init; }
}
