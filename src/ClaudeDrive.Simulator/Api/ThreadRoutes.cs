using ClaudeDrive.Simulator.Sessions;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Threads of a session (reference §3.7).</summary>
internal static class ThreadRoutes
{
    public static void Map(IEndpointRouteBuilder app, SimulatorWorld world)
    {
        app.Map(world, "GET", "/v1/sessions/{id}/threads", request => SessionRoutes.With(world, request, session => List(request, session)));
        app.Map(world, "GET", "/v1/sessions/{id}/threads/{tid}", request => With(world, request, (_, thread) => ApiAnswer.Ok(thread.Render())));
        app.Map(world, "POST", "/v1/sessions/{id}/threads/{tid}/archive", request => With(world, request, (session, thread) => Archive(world, session, thread)));
        app.Map(world, "GET", "/v1/sessions/{id}/threads/{tid}/events", request => With(world, request, (session, thread) =>
            EventRoutes.List(request, Events(session, thread), "asc")));
        EventStreaming.Map(app, world, "/v1/sessions/{id}/threads/{tid}/stream", (session, id) => Find(session, id)?.Streams);
    }

    private static ApiAnswer With(SimulatorWorld world, ApiRequest request, Func<SessionRecord, ThreadRecord, ApiAnswer> handler) =>
        SessionRoutes.With(world, request, session =>
            Find(session, request.Route("tid")) is { } thread ? handler(session, thread) : ApiAnswer.NotFound("Thread"));

    private static ThreadRecord? Find(SessionRecord session, string id) => session.Threads.Find(thread => thread.Id == id);

    private static List<StoredEvent> Events(SessionRecord session, ThreadRecord thread) => thread.ParentId is null ? session.Events : thread.Events;

    private static ApiAnswer List(ApiRequest request, SessionRecord session)
    {
        var statuses = request.QueryArray("statuses");
        var items = session.Threads.Select((thread, index) => (thread, index)).Where(item => statuses.Count == 0 || statuses.Contains(item.thread.Status));
        return Paging.Page(request, items, new PageRules<(ThreadRecord Thread, int Index)>(
            item => item.Index, item => item.Thread.Render().ToJsonString(WireJson.Options), "asc", 1000));
    }

    private static ApiAnswer Archive(SimulatorWorld world, SessionRecord session, ThreadRecord thread)
    {
        if (thread.ParentId is null)
        {
            return ApiAnswer.Invalid("The primary thread cannot be archived.");
        }

        if (thread.Status is "running" or "rescheduling")
        {
            return ApiAnswer.Invalid("Only idle threads can be archived.");
        }

        if (thread.ArchivedAt is null)
        {
            world.Machine.CloseThread(session, thread);
        }

        return ApiAnswer.Ok(thread.Render());
    }
}
