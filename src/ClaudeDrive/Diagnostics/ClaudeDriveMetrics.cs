using System.Diagnostics.Metrics;

namespace ClaudeDrive.Diagnostics;

/// <summary>Every instrument of the meter <c>ClaudeDrive</c>. Tags have few values, never ids.</summary>
internal sealed class ClaudeDriveMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "ClaudeDrive";

    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _apiRequests;
    private readonly Histogram<double> _hydrationDuration;
    private readonly Counter<long> _looks;
    private readonly Counter<long> _sends;
    private readonly Counter<long> _retentionDeleted;
    private long _reads;
    private long _accepted;

    /// <summary>Creates the instruments on a meter of the factory, so that tests can read their own.</summary>
    public ClaudeDriveMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(Name);
        _deliveries = meter.CreateCounter<long>("claudedrive.ingest.deliveries", "{delivery}", "Delivery attempts by outcome and problem code.");
        _apiRequests = meter.CreateCounter<long>("claudedrive.hydration.api_requests", "{request}", "Requests to the Claude API by kind and outcome.");
        _hydrationDuration = meter.CreateHistogram(
            "claudedrive.hydration.duration",
            "s",
            "Time of one look at a resource: fetch, plan, store.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
        _looks = meter.CreateCounter<long>("claudedrive.hydration.looks", "{look}", "Looks at resources by outcome.");
        meter.CreateObservableGauge(
            "claudedrive.hydration.reads_per_webhook",
            () => ReadsPerWebhook is { } ratio ? [new Measurement<double>(ratio)] : Array.Empty<Measurement<double>>(),
            "{request}",
            "Read requests to the Claude API for each new event accepted, since the process started.");
        _sends = meter.CreateCounter<long>("claudedrive.review.sends", "{send}", "Tries to send an answer by outcome.");
        _retentionDeleted = meter.CreateCounter<long>("claudedrive.inbox.retention_deleted", "{row}", "Rows deleted because they were old enough.");
    }

    /// <summary>Read requests sent to the Claude API since the process started, failed ones included.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>Those for each new event accepted or spooled since the process started; null before the first.</summary>
    public double? ReadsPerWebhook => Interlocked.Read(ref _accepted) is > 0 and var accepted ? (double)Reads / accepted : null;

    /// <summary>Counts delivery attempts.</summary>
    public void Delivered(string outcome, string? code)
    {
        if (outcome is "accepted" or "spooled")
        {
            Interlocked.Increment(ref _accepted);
        }

        _deliveries.Add(1, new("outcome", outcome), new KeyValuePair<string, object?>("code", code ?? "none"));
    }

    /// <summary>Counts one request to the Claude API.</summary>
    public void Requested(bool isRead, int? status)
    {
        if (isRead)
        {
            Interlocked.Increment(ref _reads);
        }

        _apiRequests.Add(1, new("kind", isRead ? "read" : "write"), new KeyValuePair<string, object?>("status", status ?? 0));
    }

    /// <summary>Counts one look at a resource.</summary>
    public void Looked(string outcome, TimeSpan duration)
    {
        _looks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        _hydrationDuration.Record(duration.TotalSeconds);
    }

    /// <summary>Counts one try at sending an answer.</summary>
    public void Sent(string outcome) => _sends.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Counts rows that retention deleted.</summary>
    public void RetentionDeleted(string kind, int rows)
    {
        if (rows > 0)
        {
            _retentionDeleted.Add(rows, new KeyValuePair<string, object?>("kind", kind));
        }
    }
}
