using System.Diagnostics;
using System.Diagnostics.Metrics;
using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.Inbox;

/// <summary>Counts every delivery attempt, recorded or not.</summary>
internal sealed class DeliveryMetrics
{
    private readonly ClaudeDriveMetrics _metrics;
    private readonly Histogram<double> _duration;

    /// <summary>Makes the instrument of the duration; the count is the library's.</summary>
    public DeliveryMetrics(ClaudeDriveMetrics metrics, IMeterFactory meters)
    {
        _metrics = metrics;
        _duration = meters.Create(ClaudeDriveMetrics.Name).CreateHistogram(
            "claudedrive.ingest.duration",
            "s",
            "Time from the first byte to the answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });
    }

    /// <summary>Counts one attempt. <paramref name="code"/> must be one of few fixed values, or null.</summary>
    public void Count(DeliveryOutcome outcome, string? code, TimeSpan elapsed)
    {
        _metrics.Delivered(Name(outcome), code);
        _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("outcome", Name(outcome)));
    }

    /// <summary>The outcome's name in metrics and traces.</summary>
    public static string Name(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Accepted => "accepted",
        DeliveryOutcome.Duplicate => "duplicate",
        DeliveryOutcome.Spooled => "spooled",
        DeliveryOutcome.Rejected => "rejected",
        DeliveryOutcome.Unavailable => "unavailable",
        _ => throw new UnreachableException(),
    };
}
