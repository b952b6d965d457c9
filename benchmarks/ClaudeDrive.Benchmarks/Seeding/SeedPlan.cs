namespace ClaudeDrive.Benchmarks.Seeding;

/// <summary>What a seeded store holds in the end. The same plan gives the same content, but for the instants that the store itself notes.</summary>
internal sealed record SeedPlan
{
    /// <summary>Events in all, spread evenly over the sessions.</summary>
    public required long Events { get; init; }

    /// <summary>Sessions, each with one context and at least one event.</summary>
    public required int Sessions { get; init; }

    /// <summary>Workspaces that the sessions are spread over.</summary>
    public int Workspaces { get; init; } = 50;

    /// <summary>Agents that they are spread over.</summary>
    public int Agents { get; init; } = 20;

    /// <summary>Every so many sessions one waits for a person; 0: none does.</summary>
    public int WaitingEvery { get; init; } = 50;

    /// <summary>Every so many sessions one has dead letters; 0: none has.</summary>
    public int DeadEvery { get; init; } = 1000;

    /// <summary>How far back the events reach.</summary>
    public TimeSpan Reach { get; init; } = TimeSpan.FromDays(60);

    /// <summary>Part of every id, letters and digits: another one makes another set of sessions.</summary>
    public string Prefix { get; init; } = "SEED";

    /// <summary>True: the events are stored and left pending, as if every worker were down.</summary>
    public bool LeavePending { get; init; }

    /// <summary>Fixes every drawn choice.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Events of the session at <paramref name="index"/>: the rest of the division goes to the first ones.</summary>
    public int EventsOf(int index) => (int)(Events / Sessions) + (index < Events % Sessions ? 1 : 0);
}
