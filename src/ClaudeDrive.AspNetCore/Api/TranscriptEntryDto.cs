using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Contexts;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>One event of a session's history.</summary>
/// <param name="EventId">Its id at Claude.</param>
/// <param name="Type">Its type.</param>
/// <param name="ProcessedAt">By Claude's clock; null while queued.</param>
/// <param name="FirstRevision">The revision that first showed it.</param>
/// <param name="Event">The event as fetched: untrusted content.</param>
internal sealed record TranscriptEntryDto(string EventId, string Type, DateTimeOffset? ProcessedAt, int FirstRevision, RawJson Event)
{
    public static TranscriptEntryDto Of(SessionEventRecord e) => new(e.EventId, e.Type, e.ProcessedAt, e.FirstRevision, new RawJson(e.Json));
}
