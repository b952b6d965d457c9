namespace ClaudeDrive.AspNetCore.Health;

/// <summary>Whether the server can do its work, with one entry per check.</summary>
/// <param name="Status"><c>ok</c> or <c>failing</c>.</param>
/// <param name="Checks">The checks.</param>
internal sealed record ReadinessDto(string Status, IReadOnlyList<CheckDto> Checks);

/// <summary>One check.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Status"><c>ok</c> or <c>failing</c>.</param>
/// <param name="Code">Stable code of what fails; null when nothing does.</param>
/// <param name="DurationMs">How long the check took.</param>
/// <param name="Detail">What a person may want to know beside it; null when nothing.</param>
internal sealed record CheckDto(string Name, string Status, string? Code, double DurationMs, string? Detail);
