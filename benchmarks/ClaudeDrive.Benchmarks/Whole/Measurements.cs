namespace ClaudeDrive.Benchmarks.Whole;

/// <summary>Everything that was measured: series by name, one value for each round.</summary>
internal sealed class Measurements
{
    private readonly SortedDictionary<string, List<double>> _series = new(StringComparer.Ordinal);

    /// <summary>All series.</summary>
    public IReadOnlyDictionary<string, List<double>> Series => _series;

    /// <summary>Adds a value to a series.</summary>
    public void Add(string name, double value)
    {
        if (!_series.TryGetValue(name, out var values))
        {
            _series[name] = values = [];
        }

        values.Add(value);
    }

    /// <summary>The median of a series; null when it was not measured.</summary>
    public double? Median(string name)
    {
        if (!_series.TryGetValue(name, out var values))
        {
            return null;
        }

        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Ratio of two medians; null when one was not measured.</summary>
    public double? Ratio(string over, string under) => Median(over) / Median(under);

    /// <summary>Smallest and largest of a series; null when it was not measured.</summary>
    public (double Min, double Max)? Range(string name) =>
        _series.TryGetValue(name, out var values) ? (values.Min(), values.Max()) : null;
}
