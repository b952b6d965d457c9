using System.Globalization;

namespace ClaudeDrive.Hosting;

/// <summary>The newest whole retention pass of any node, as the store keeps it among its settings.</summary>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Events">Events it deleted.</param>
/// <param name="Deliveries">Delivery records it deleted.</param>
internal sealed record RetentionReport(DateTimeOffset FinishedAt, long Events, long Deliveries)
{
    /// <summary>Name of the setting.</summary>
    public const string SettingName = "retention";

    /// <summary>The report as a setting.</summary>
    public string ToSetting() => string.Create(CultureInfo.InvariantCulture, $"{FinishedAt.UtcDateTime:O} {Events} {Deliveries}");

    /// <summary>Reads it back; null when there is none, or none of this form.</summary>
    public static RetentionReport? Parse(string? setting) =>
        setting?.Split(' ') is [var at, var events, var deliveries]
        && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var finishedAt)
        && long.TryParse(events, NumberStyles.None, CultureInfo.InvariantCulture, out var eventCount)
        && long.TryParse(deliveries, NumberStyles.None, CultureInfo.InvariantCulture, out var deliveryCount)
            ? new RetentionReport(finishedAt, eventCount, deliveryCount)
            : null;
}
