using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.Audit;

namespace ClaudeDrive.Inbox;

/// <summary>The audit rows of what people do to events, worded once for all stores.</summary>
internal static class InboxAudit
{
    /// <summary>Somebody asked for another look at an event.</summary>
    public static AuditDraft Replayed(Deed deed, EventRecord record) => AuditDraft.Of(
        deed,
        AuditActions.EventReplayed,
        $"event/{record.Envelope.EventId}",
        AuditText.Of(("endpoint", record.Endpoint), ("state", NameOf(record.State))),
        AuditText.Of(("resource", record.Envelope.Resource?.ToString())));

    /// <summary>Somebody retried or discarded <paramref name="count"/> dead letters.</summary>
    public static AuditDraft Settled(Deed deed, string action, EventFilter filter, int count) => AuditDraft.Of(
        deed,
        action,
        filter.EventId is { } eventId ? $"event/{eventId}" : "dead_letters/matching",
        after: AuditText.Of(
            ("count", count.ToString(CultureInfo.InvariantCulture)),
            ("endpoint", filter.Endpoint),
            ("type", filter.Type),
            ("resource_type", filter.ResourceType),
            ("resource_id", filter.ResourceId),
            ("session_id", filter.SessionId),
            ("workspace_id", filter.WorkspaceId),
            ("source", filter.Source is { } source ? JsonNamingPolicy.SnakeCaseLower.ConvertName(source.ToString()) : null),
            ("from", filter.From is { } from ? Instant(from) : null),
            ("to", filter.To is { } to ? Instant(to) : null)));

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string NameOf(EventState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
