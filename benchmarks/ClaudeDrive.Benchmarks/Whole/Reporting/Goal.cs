namespace ClaudeDrive.Benchmarks.Whole.Reporting;

/// <summary>One figure that the product is held to.</summary>
/// <param name="Figure">What it is.</param>
/// <param name="Store">Whose it is; empty when no store has a part in it.</param>
/// <param name="Value">As measured; null when it was not.</param>
/// <param name="Limit">The goal.</param>
/// <param name="AtLeast">True: the value must reach the limit; false: it must not exceed it.</param>
/// <param name="Unit">Of value and limit; empty for ratios.</param>
internal sealed record Goal(string Figure, string Store, double? Value, double Limit, bool AtLeast, string Unit)
{
    /// <summary>Whether it is met; null when it was not measured.</summary>
    public bool? IsMet => Value is { } value && !double.IsNaN(value) ? AtLeast ? value >= Limit : value <= Limit : null;
}
