using System.Diagnostics.Metrics;
using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.Inbox.Spool;

/// <summary>The instruments of the spool.</summary>
internal sealed class SpoolMetrics
{
    private readonly Counter<long> _appends;
    private readonly Counter<long> _drained;
    private readonly Counter<long> _damaged;

    /// <summary>Makes the instruments on the library's meter.</summary>
    public SpoolMetrics(IMeterFactory meters, TimeProvider time)
    {
        var meter = meters.Create(ClaudeDriveMetrics.Name);
        _appends = meter.CreateCounter<long>("claudedrive.inbox.spool_appends", "{record}", "Deliveries that went to the spool, by outcome.");
        _drained = meter.CreateCounter<long>("claudedrive.inbox.spool_drained", "{record}", "Records moved from the spool into the inbox.");
        _damaged = meter.CreateCounter<long>("claudedrive.inbox.spool_set_aside", "{part}", "Parts of the spool set aside, by reason.");
        meter.CreateObservableGauge("claudedrive.inbox.spool_records", () => Status().Records, "{record}", "Records that wait in the spool.");
        meter.CreateObservableGauge("claudedrive.inbox.spool_bytes", () => Status().Bytes, "By", "Size of the spool.");
        meter.CreateObservableGauge("claudedrive.inbox.spool_fill", () => Status().Fill, "1", "Size of the spool as a part of its bound: alert at 0.5, 0.8 and 0.95.");
        meter.CreateObservableGauge(
            "claudedrive.inbox.spool_age",
            () => Status().OldestReceivedAt is { } oldest ? Math.Max(0, (time.GetUtcNow() - oldest).TotalSeconds) : 0,
            "s",
            "Age of the oldest record that waits in the spool; 0 when none waits.");
    }

    /// <summary>Where the gauges read.</summary>
    public Func<SpoolStatus> Status { get; set; } = static () => SpoolStatus.Empty;

    /// <summary>Counts one try to write.</summary>
    public void Appended(SpoolOutcome outcome) => _appends.Add(1, new KeyValuePair<string, object?>("outcome", outcome switch
    {
        SpoolOutcome.Written => "written",
        SpoolOutcome.Full => "full",
        SpoolOutcome.Failed => "failed",
        SpoolOutcome.Late => "late",
        SpoolOutcome.Off => "off",
        _ => throw new System.Diagnostics.UnreachableException(),
    }));

    /// <summary>Counts records that reached the inbox.</summary>
    public void Drained(int records) => _drained.Add(records);

    /// <summary>Counts what was set aside: <c>damaged</c>, <c>torn</c>, <c>unreadable</c> or <c>refused</c>.</summary>
    public void SetAside(string reason) => _damaged.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
