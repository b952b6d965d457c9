namespace ClaudeDrive.Cli.Demo;

/// <summary>The demo's end: what was counted, and whether the simulator's ledger and ClaudeDrive's contexts agree.</summary>
internal sealed record DemoSummary
{
    public required int Sessions { get; init; }

    /// <summary>Different events that were answered 200.</summary>
    public required int Delivered { get; init; }

    public required int Duplicates { get; init; }

    public required int OutOfOrder { get; init; }

    public required int Hydrated { get; init; }

    /// <summary>API reads for each different event; null when none came.</summary>
    public double? ReadsPerWebhook { get; init; }

    public required int Reviewed { get; init; }

    public required int Resumed { get; init; }

    /// <summary>Every difference between the two sides, one sentence each; none means that they agree.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    public bool Agrees => Differences.Count == 0;
}
