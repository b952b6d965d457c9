using System.Globalization;

namespace ClaudeDrive.Benchmarks.Whole.Subjects;

/// <summary>Reads the Prometheus page of the product.</summary>
internal sealed class MetricsPage(Uri address)
{
    private static readonly HttpClient Http = new();

    /// <summary>All samples now.</summary>
    public async Task<MetricsSamples> ReadAsync(CancellationToken cancellationToken)
    {
        var text = await Http.GetStringAsync(address, cancellationToken);
        return new MetricsSamples([.. text.Split('\n').Where(static line => line.Length > 0 && line[0] != '#')]);
    }
}

/// <summary>Samples of one moment.</summary>
internal sealed record MetricsSamples(IReadOnlyList<string> Lines)
{
    /// <summary>Bytes that the process has allocated so far.</summary>
    public double AllocatedBytes => Sum("dotnet_gc_heap_total_allocated_bytes_total", string.Empty);

    /// <summary>Deliveries so far with an outcome.</summary>
    public double Deliveries(string outcome) => Sum("claudedrive_ingest_deliveries_total", $"outcome=\"{outcome}\"");

    private double Sum(string name, string label) => Lines
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
        .Sum(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
