namespace ClaudeDrive.Chaos.Outages;

/// <summary>What an outage is asked for.</summary>
internal sealed record OutageOptions
{
    /// <summary>Draws the stories.</summary>
    public required int Seed { get; init; }

    /// <summary>How long the database is stopped.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Deliveries a second.</summary>
    public int Rate { get; init; } = 200;

    /// <summary>Number of nodes.</summary>
    public int Nodes { get; init; } = 3;
}
