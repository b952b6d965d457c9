using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace ClaudeDrive.Diagnostics;

/// <summary>
/// The activity source <c>ClaudeDrive</c> and where its traces begin. A trace crosses the inbox without being stored: its id follows from the event's
/// id, so that the delivery on one node and the look on another, minutes later, are of one trace, and so are two deliveries of one event. Tags are
/// ids, names and counts; never a header, a body, a secret or what a person wrote. Without a listener nothing is computed.
/// </summary>
internal static class ClaudeDriveTracing
{
    /// <summary>Name of the activity source.</summary>
    public const string Name = "ClaudeDrive";

    /// <summary>Links of one span at most: a look at a storm names its newest events. Chosen.</summary>
    public const int MaxLinks = 32;

    /// <summary>The source.</summary>
    public static readonly ActivitySource Source = new(Name);

    /// <summary>Where the trace of an event begins.</summary>
    public static ActivityContext OfEvent(string endpoint, string eventId) => Derive("event", endpoint, eventId);

    /// <summary>Where the trace of an answer begins.</summary>
    public static ActivityContext OfReview(string sessionId, string blockingEventId) => Derive("review", sessionId, blockingEventId);

    /// <summary>How a span ended; an error when it did not do what it was for.</summary>
    public static void End(this Activity? span, string outcome, bool isError = false) =>
        span?.SetTag("claudedrive.outcome", outcome).SetStatus(isError ? ActivityStatusCode.Error : ActivityStatusCode.Ok);

    /// <summary>The first 24 bytes of the SHA-256 of the names. A remote context, so that a sampler by ratio decides the same on every node.</summary>
    private static ActivityContext Derive(string kind, string first, string second)
    {
        const int TraceBytes = 16;
        const int SpanBytes = 8;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{first}\n{second}"), hash);
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(hash[..TraceBytes]),
            ActivitySpanId.CreateFromBytes(hash.Slice(TraceBytes, SpanBytes)),
            ActivityTraceFlags.None,
            isRemote: true);
    }
}
