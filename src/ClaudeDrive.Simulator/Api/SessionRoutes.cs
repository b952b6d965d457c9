using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Sessions;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Sessions: create, list, read, update, archive, delete (reference §3.2 to §3.4).</summary>
internal static class SessionRoutes
{
    private static readonly string[] Statuses = ["rescheduling", "running", "idle", "terminated"];

    public static void Map(IEndpointRouteBuilder app, SimulatorWorld world)
    {
        app.Map(world, "POST", "/v1/sessions", request => SessionCreation.Create(world, request));
        app.Map(world, "GET", "/v1/sessions", request => List(world, request));
        app.Map(world, "GET", "/v1/sessions/{id}", request => With(world, request, session => ApiAnswer.Json(SessionJson.Visible(session, world.Now))));
        app.Map(world, "POST", "/v1/sessions/{id}", request => With(world, request, session => SessionUpdate.Update(world, session, request.Body)));
        app.Map(world, "POST", "/v1/sessions/{id}/archive", request => With(world, request, session => Archive(world, session)));
        app.Map(world, "DELETE", "/v1/sessions/{id}", request => With(world, request, session => Delete(world, session)));
    }

    /// <summary>Runs <paramref name="handler"/> with the session of the path, or answers 404.</summary>
    public static ApiAnswer With(SimulatorWorld world, ApiRequest request, Func<SessionRecord, ApiAnswer> handler) =>
        world.Sessions.Find(request.Route("id")) is { } session ? handler(session) : ApiAnswer.NotFound("Session");

    private static ApiAnswer List(SimulatorWorld world, ApiRequest request)
    {
        var statuses = request.QueryArray("statuses");
        if (statuses.FirstOrDefault(status => !Statuses.Contains(status)) is { } unknown)
        {
            return ApiAnswer.Invalid($"statuses: unknown value '{unknown}'");
        }

        if (request.Query("agent_version") is not null && request.Query("agent_id") is null)
        {
            return ApiAnswer.Invalid("agent_version: needs agent_id");
        }

        var created = request.CreatedFilter(out var problem);
        if (created is null)
        {
            return problem!;
        }

        var archived = request.Query("include_archived") == "true";
        var now = world.Now;
        var items = world.Sessions.All.Where(session => !session.Deleted
            && (archived || session.ArchivedAt is null)
            && (statuses.Count == 0 || statuses.Contains(SessionJson.VisibleStatus(session, now)))
            && created(session.CreatedAt)
            && Matches(request, session));
        return Paging.Page(request, items, new PageRules<SessionRecord>(
            session => session.Ordinal, session => SessionJson.Visible(session, now), "desc", 20, WithPrevious: true));
    }

    private static bool Matches(ApiRequest request, SessionRecord session) =>
        Same(request.Query("agent_id"), session.Agent.Text("id"))
        && Same(request.Query("agent_version"), session.Agent["version"]?.ToJsonString())
        && Same(request.Query("deployment_id"), session.DeploymentId)
        && (request.Query("memory_store_id") is not { } store
            || session.Resources.OfType<JsonObject>().Any(resource => resource.Text("memory_store_id") == store));

    private static bool Same(string? wanted, string? actual) => wanted is null || wanted == actual;

    private static ApiAnswer Archive(SimulatorWorld world, SessionRecord session)
    {
        if (Moving(world, session))
        {
            return ApiAnswer.Invalid("Session cannot be archived while it is running.");
        }

        world.Machine.Archive(session);
        return ApiAnswer.Ok(SessionJson.Render(session));
    }

    private static ApiAnswer Delete(SimulatorWorld world, SessionRecord session)
    {
        if (Moving(world, session))
        {
            return ApiAnswer.Invalid("Session cannot be deleted while it is running.");
        }

        world.Machine.Delete(session);
        return ApiAnswer.Ok(new JsonObject { ["id"] = session.Id, ["type"] = "session_deleted" });
    }

    /// <summary>Running, or so recently idle that reads still say running.</summary>
    private static bool Moving(SimulatorWorld world, SessionRecord session) =>
        SessionJson.VisibleStatus(session, world.Now) is "running" or "rescheduling" || session.Status is "running" or "rescheduling";
}
