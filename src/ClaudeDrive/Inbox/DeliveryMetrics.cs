using System.Diagnostics;
using System.Diagnostics.Metrics;
using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.Inbox;

/// <summary>Counts every delivery attempt, recorded or not.</summary>
internal sealed class DeliveryMetrics
{
    private readonly Counter<long> _deliveries;
    private readonly Histogram<double> _duration;
    private long _acknowledged;

    /// <summary>Makes the instruments.</summary>
    public DeliveryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(DriveMeter.Name);
        _deliveries = meter.CreateCounter<long>("claudedrive.ingest.deliveries", "{delivery}", "Delivery attempts by outcome and problem code.");
        _duration = meter.CreateHistogram(
            "claudedrive.ingest.duration",
            "s",
            "Time from the first byte to the answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });
    }

    /// <summary>Deliveries answered 200 since the process started.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Counts one attempt. <paramref name="code"/> must be one of few fixed values, or null.</summary>
    public void Count(DeliveryOutcome outcome, string? code, TimeSpan elapsed)
    {
        if (outcome is DeliveryOutcome.Accepted or DeliveryOutcome.Duplicate or DeliveryOutcome.Spooled)
        {
            Interlocked.Increment(ref _acknowledged);
        }

        var tags = new TagList { { "outcome", Name(outcome) } };
        _duration.Record(elapsed.TotalSeconds, tags);
        if (code is not null)
        {
            tags.Add("code", code);
        }

        _deliveries.Add(1, tags);
    }

    private static string Name(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Accepted => "accepted",
        DeliveryOutcome.Duplicate => "duplicate",
        DeliveryOutcome.Spooled => "spooled",
        DeliveryOutcome.Rejected => "rejected",
        DeliveryOutcome.Unavailable => "unavailable",
        _ => throw new UnreachableException(),
    };
}
