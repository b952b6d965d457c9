using System.Text;
using ClaudeDrive.Inbox;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>An event with its payload, in an export.</summary>
internal sealed record ExportedEventDto
{
    public required EventDto Event { get; init; }

    /// <summary>The signed bytes as text, exactly as received.</summary>
    public required string PayloadText { get; init; }

    public static ExportedEventDto Of(EventRecord record, ReadOnlyMemory<byte> body) =>
        new() { Event = EventDto.Of(record), PayloadText = Encoding.UTF8.GetString(body.Span) };
}
