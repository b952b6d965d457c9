using System.Globalization;
using ClaudeDrive.Inbox;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>One delivery attempt (contract §3, <c>deliveries</c>).</summary>
internal sealed record DeliveryDto
{
    public required string DeliveryId { get; init; }
    public required string Endpoint { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required DeliveryOutcome Outcome { get; init; }
    public string? Code { get; init; }
    public string? EventId { get; init; }
    public required double DurationMs { get; init; }
    public string? RemoteIp { get; init; }
    public required int BodyBytes { get; init; }
    public string? SecretId { get; init; }

    /// <summary>Attempts that this row stands for: above 1 for refusals beyond the recording rate.</summary>
    public required int Count { get; init; }

    public static DeliveryDto Of(DeliveryRecord d) => new()
    {
        DeliveryId = string.Create(CultureInfo.InvariantCulture, $"dlv_{d.Seq}"),
        Endpoint = d.Endpoint,
        ReceivedAt = d.ReceivedAt,
        Outcome = d.Outcome,
        Code = d.Code,
        EventId = d.EventId,
        DurationMs = Math.Round(d.Facts.Elapsed.TotalMilliseconds, 3),
        RemoteIp = d.Facts.RemoteIp,
        BodyBytes = d.Facts.BodyBytes,
        SecretId = d.Facts.SecretId,
        Count = d.Count,
    };
}
