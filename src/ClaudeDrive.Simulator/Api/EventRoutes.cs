using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Control;
using ClaudeDrive.Simulator.Sessions;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Events of a session: history, sending, stream.</summary>
internal static class EventRoutes
{
    /// <summary>The types the list may be filtered by: all but <c>session.deleted</c>.</summary>
    private static readonly HashSet<string> Filterable = new(StringComparer.Ordinal)
    {
        "user.message", "user.interrupt", "user.tool_confirmation", "user.custom_tool_result", "user.tool_result", "user.define_outcome", "system.message",
        "agent.message", "agent.thinking", "agent.custom_tool_use", "agent.tool_use", "agent.mcp_tool_use", "agent.tool_result", "agent.mcp_tool_result",
        "agent.thread_message_sent", "agent.thread_message_received", "agent.thread_context_compacted",
        "session.status_running", "session.status_rescheduled", "session.status_terminated", "session.status_idle", "session.error", "session.updated", "session.usage",
        "session.thread_created", "session.thread_status_running", "session.thread_status_rescheduled", "session.thread_status_terminated", "session.thread_status_idle",
        "span.model_request_start", "span.model_request_end", "span.outcome_evaluation_start", "span.outcome_evaluation_ongoing", "span.outcome_evaluation_end",
        "workflow_run.created", "workflow_run.status_running", "workflow_run.status_idle", "workflow_run.status_ended",
        "workflow_run.phase_started", "workflow_run.phase_ended", "workflow_run.error",
    };

    public static void Map(IEndpointRouteBuilder app, SimulatorWorld world)
    {
        app.Map(world, "GET", "/v1/sessions/{id}/events", request => SessionRoutes.With(world, request, session => List(request, session.Events, "asc")));
        app.Map(world, "POST", "/v1/sessions/{id}/events", request => SessionRoutes.With(world, request, session => Send(world, request, session)));
        EventStreaming.Map(app, world, "/v1/sessions/{id}/events/stream", (session, _) => session.Streams);
    }

    /// <summary>One page of events, sorted by <c>processed_at</c>, queued ones last.</summary>
    public static ApiAnswer List(ApiRequest request, IReadOnlyList<StoredEvent> events, string order)
    {
        var types = request.QueryArray("types");
        if (types.FirstOrDefault(type => !Filterable.Contains(type)) is { } unknown)
        {
            return ApiAnswer.Invalid($"types: unknown value '{unknown}'");
        }

        var created = request.CreatedFilter(out var problem);
        if (created is null)
        {
            return problem!;
        }

        var filtered = request.Query("created_at[gt]") ?? request.Query("created_at[gte]") ?? request.Query("created_at[lt]") ?? request.Query("created_at[lte]");
        var items = events.Where(item => (types.Count == 0 || types.Contains(item.Type))
            && (filtered is null || (item.ProcessedAt is { } at && created(at))));
        return Paging.Page(request, items, new PageRules<StoredEvent>(item => item.SortKey, item => item.Json, order, 1000));
    }

    private static ApiAnswer Send(SimulatorWorld world, ApiRequest request, SessionRecord session)
    {
        if (request.Body["events"] is not JsonArray list || list.Any(node => node is not JsonObject))
        {
            return ApiAnswer.Invalid("events: must be an array of objects");
        }

        var events = list.OfType<JsonObject>().ToList();
        var verdict = SendRules.Decide(SendFacts.Of(session), events);
        if (verdict.Problem is { } problem)
        {
            NoteRefused(world, session, events, problem);
            return ApiAnswer.Invalid(problem);
        }

        var echoes = SendExecution.Store(world, session, verdict.Accepted);
        return ApiAnswer.Json("{\"data\":[" + string.Join(',', echoes) + "]}") with { StoredUserEvents = true };
    }

    private static void NoteRefused(SimulatorWorld world, SessionRecord session, List<JsonObject> events, string problem)
    {
        foreach (var item in events)
        {
            world.UserEvents.Add(new UserEventEntry(session.Id, null, item.Text("type") ?? "", SendRules.AnswerTo(item), problem, world.Now));
        }

        world.Report("user_event_refused", session.Id, detail: problem);
    }
}
