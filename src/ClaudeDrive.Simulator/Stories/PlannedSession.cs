namespace ClaudeDrive.Simulator.Stories;

/// <summary>One session to start.</summary>
/// <param name="Scenario">What it plays.</param>
/// <param name="Title">Its title; <see langword="null"/> = the scenario's.</param>
/// <param name="Metadata">Its metadata; <see langword="null"/> = the scenario's name.</param>
internal sealed record PlannedSession(Scenario Scenario, string? Title, IReadOnlyDictionary<string, string>? Metadata);
