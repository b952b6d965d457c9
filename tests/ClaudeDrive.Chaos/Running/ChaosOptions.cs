using ClaudeDrive.Chaos.Schedules;

namespace ClaudeDrive.Chaos.Running;

/// <summary>What a run is asked for.</summary>
internal sealed record ChaosOptions
{
    /// <summary>Draws the schedule, the stories and everything else that is drawn. What a machine does in between is not repeated by it.</summary>
    public required int Seed { get; init; }

    /// <summary>Time with faults; settling comes on top. At least 10 s.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The store.</summary>
    public StoreKind Store { get; init; } = StoreKind.Sqlite;

    /// <summary>Number of nodes, from 1; 1 with SQLite.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Sessions started per second. Chosen: with their webhooks and bursts some 15 deliveries a second and session started.</summary>
    public double SessionsPerSecond { get; init; } = 2;

    /// <summary>Kinds of faults that are left out on purpose.</summary>
    public IReadOnlyCollection<ActionKind> Without { get; init; } = [];

    /// <summary>Longest time for everything to settle. Chosen: many times what any run needed, so that a hang ends as a breach.</summary>
    public TimeSpan SettleLimit { get; init; } = TimeSpan.FromMinutes(4);
}
