namespace ClaudeDrive.Cli.Simulating;

/// <summary>What <c>simulate</c> was asked for.</summary>
internal sealed record SimulateSettings
{
    /// <summary>Addresses the fake Claude API listens on.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Where signed deliveries go.</summary>
    public required Uri Target { get; init; }

    /// <summary>The signing secret; null to make one from the seed and print it. Never logged.</summary>
    public string? Secret { get; init; }

    /// <summary>A named scenario, or the full path of a scenario file; null for a mix of all.</summary>
    public string? Scenario { get; init; }

    /// <summary>Everything random comes from it.</summary>
    public required int Seed { get; init; }

    /// <summary>How often the scenario is started; null for once.</summary>
    public int? Count { get; init; }

    /// <summary>Sessions started each second.</summary>
    public required double Rate { get; init; }
}
