using System.Globalization;
using ClaudeDrive.Inbox.Spool;

namespace ClaudeDrive.Hosting;

/// <summary>Whether the spool could take a delivery, and what waits in it. A spool that holds something is well: it does what it is for.</summary>
internal sealed class SpoolReadiness(DeliverySpool spool, TimeProvider time) : IReadinessCheck
{
    /// <inheritdoc/>
    public string Name => "spool";

    /// <inheritdoc/>
    public string? Detail
    {
        get
        {
            if (!spool.IsOn)
            {
                return "off: there is no data directory";
            }

            var status = spool.ReadStatus();
            var age = status.OldestReceivedAt is { } oldest
                ? string.Create(CultureInfo.InvariantCulture, $", oldest {Math.Max(0, (time.GetUtcNow() - oldest).TotalSeconds):0} s")
                : string.Empty;
            return string.Create(CultureInfo.InvariantCulture, $"{status.Records} records, {status.Bytes} bytes{age}");
        }
    }

    /// <inheritdoc/>
    public ValueTask<string?> CheckAsync(CancellationToken cancellationToken)
    {
        var status = spool.ReadStatus();
        return ValueTask.FromResult(status switch
        {
            { IsFailing: true } => "spool_unavailable",
            { Fill: >= 0.95 } => "spool_nearly_full",
            _ => null,
        });
    }
}
