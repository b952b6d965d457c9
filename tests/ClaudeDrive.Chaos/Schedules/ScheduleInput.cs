namespace ClaudeDrive.Chaos.Schedules;

/// <summary>What a schedule is drawn for.</summary>
/// <param name="Seed">The same seed gives the same schedule.</param>
/// <param name="Length">Time in which every fault begins and ends; at least 10 s.</param>
/// <param name="Nodes">Number of nodes, from 1.</param>
/// <param name="HasDatabase">Whether there is a database server, with links to it.</param>
/// <param name="Without">Kinds that are left out.</param>
internal sealed record ScheduleInput(int Seed, TimeSpan Length, int Nodes, bool HasDatabase, IReadOnlyCollection<ActionKind> Without);
