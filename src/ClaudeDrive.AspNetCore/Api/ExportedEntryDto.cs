using ClaudeDrive.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>An entry of a transcript, in an export.</summary>
internal sealed record ExportedEntryDto
{
    public required int FirstRevision { get; init; }

    /// <summary>The session event as stored: untrusted content.</summary>
    public RawJson Entry { get; init; }
}
