namespace ClaudeDrive.Simulator;

/// <summary>How often a fault acts: for the next <paramref name="Count"/> occasions, and beyond them with probability <paramref name="Rate"/>.</summary>
/// <param name="Rate">Probability per occasion, 0 to 1.</param>
/// <param name="Count">Occasions that are hit for certain, 0 or more; counted down as they are used.</param>
internal sealed record FaultSetting(double Rate = 0, int Count = 0);
