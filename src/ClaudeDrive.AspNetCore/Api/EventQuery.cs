using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Inbox;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>The filters of events and of dead letters (contract §3).</summary>
internal static class EventQuery
{
    public static EventFilter Read(ListQuery query) => new()
    {
        Type = query.Text("type"),
        ResourceType = query.Text("resource_type"),
        ResourceId = query.Text("resource_id"),
        SessionId = query.Text("session_id"),
        WorkspaceId = query.Text("workspace_id"),
        Endpoint = query.Text("endpoint"),
        Source = query.Enum<EventSource>("source"),
        From = query.Instant("from"),
        To = query.Instant("to"),
    };

    public static ApiRoute Describe(ApiRoute route, bool withState)
    {
        route.Query("type", "Exact event type.")
            .Query("resource_type", "Exact resource type.")
            .Query("resource_id", "Exact resource id.")
            .Query("session_id", "Exact session id.")
            .Query("workspace_id", "Exact workspace id.")
            .Query("endpoint", "Endpoint that received it.")
            .Query("source", "Who told us.", EnumText<EventSource>.All)
            .Query("from", "Received at or after, RFC 3339.")
            .Query("to", "Received before, RFC 3339.");
        return withState ? route.Query("state", "State of the event.", EnumText<EventState>.All) : route;
    }
}
