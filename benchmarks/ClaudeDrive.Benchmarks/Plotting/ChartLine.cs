namespace ClaudeDrive.Benchmarks.Plotting;

/// <summary>One curve.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Colour">As SVG has it.</param>
/// <param name="Points">From left to right.</param>
internal sealed record ChartLine(string Name, string Colour, IReadOnlyList<(double X, double Y)> Points);
