using System.Net;
using ClaudeDrive.Network;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Receiver;

/// <summary>One delivery attempt while it is being answered.</summary>
internal sealed class DeliveryAttempt(HttpContext context, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    public HttpContext Context { get; } = context;

    public DateTimeOffset ReceivedAt { get; } = time.GetUtcNow();

    /// <summary>The sender's address; null when the host does not know it.</summary>
    public IPAddress? Remote { get; } = context.Connection.RemoteIpAddress is { } address ? SourceGroup.Plain(address) : null;

    public string? RemoteIp => field ??= Remote?.ToString();

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>The endpoint, once known.</summary>
    public string Endpoint { get; set; } = string.Empty;

    /// <summary>The body, once read.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>The event's id, once proven.</summary>
    public string? EventId { get; set; }

    /// <summary>The secret that matched, once proven.</summary>
    public string? SecretId { get; set; }
}
