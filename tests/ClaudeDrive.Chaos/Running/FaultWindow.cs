namespace ClaudeDrive.Chaos.Running;

/// <summary>When a fault was there, UTC.</summary>
internal sealed record FaultWindow(DateTimeOffset From, DateTimeOffset To);
