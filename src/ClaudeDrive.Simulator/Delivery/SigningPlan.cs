namespace ClaudeDrive.Simulator.Delivery;

/// <summary>How one attempt is signed.</summary>
/// <param name="Secrets">Secrets to sign with; several give several signatures. The last one is genuine, except under <c>wrong_secret</c>.</param>
/// <param name="Shift">Added to the timestamp; negative under <c>stale_timestamp</c>.</param>
/// <param name="Fault">The fault that shaped it.</param>
internal sealed record SigningPlan(IReadOnlyList<string> Secrets, TimeSpan Shift, string? Fault);
