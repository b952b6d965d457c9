using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>An event as listed (contract §3, <c>events</c>).</summary>
internal record EventDto
{
    public required string EventId { get; init; }
    public required string Endpoint { get; init; }
    public required string EventType { get; init; }
    public string? ResourceType { get; init; }
    public string? ResourceId { get; init; }
    public string? ParentId { get; init; }
    public string? SessionId { get; init; }
    public string? WorkspaceId { get; init; }
    public string? OrganizationId { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required EventSource Source { get; init; }
    public required WebhookDialect Dialect { get; init; }
    public required EventState State { get; init; }
    public required int Attempts { get; init; }
    public required int Deliveries { get; init; }
    public int? AppliedRevision { get; init; }
    public string? LastError { get; init; }

    public static EventDto Of(EventRecord e) => new()
    {
        EventId = e.Envelope.EventId,
        Endpoint = e.Endpoint,
        EventType = e.Envelope.EventType,
        ResourceType = e.Envelope.Resource?.Type,
        ResourceId = e.Envelope.Resource?.Id,
        ParentId = e.Envelope.ParentId,
        SessionId = e.Envelope.SessionId,
        WorkspaceId = e.Envelope.WorkspaceId,
        OrganizationId = e.Envelope.OrganizationId,
        CreatedAt = e.Envelope.CreatedAt,
        ReceivedAt = e.ReceivedAt,
        Source = e.Source,
        Dialect = e.Envelope.Dialect,
        State = e.State,
        Attempts = e.Attempts,
        Deliveries = e.Deliveries,
        AppliedRevision = e.AppliedRevision,
        LastError = e.LastError,
    };
}
