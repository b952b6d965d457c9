using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Sessions;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Resources attached to a session: list, add a file, read, remove.</summary>
internal static class SessionResourceRoutes
{
    public static void Map(IEndpointRouteBuilder app, SimulatorWorld world)
    {
        app.Map(world, "GET", "/v1/sessions/{id}/resources", request => SessionRoutes.With(world, request, session => List(request, session)));
        app.Map(world, "POST", "/v1/sessions/{id}/resources", request => SessionRoutes.With(world, request, session => Add(world, request, session)));
        app.Map(world, "GET", "/v1/sessions/{id}/resources/{rid}", request => SessionRoutes.With(world, request, session =>
            Find(request, session) is { } found ? ApiAnswer.Ok(found) : ApiAnswer.NotFound("Session resource")));
        app.Map(world, "DELETE", "/v1/sessions/{id}/resources/{rid}", request => SessionRoutes.With(world, request, session => Remove(world, request, session)));
    }

    private static ApiAnswer List(ApiRequest request, SessionRecord session)
    {
        var indexed = session.Resources.OfType<JsonObject>().Select((resource, index) => (resource, index));
        return Paging.Page(request, indexed, new PageRules<(JsonObject Resource, int Index)>(
            item => item.Index, item => item.Resource.ToJsonString(WireJson.Options), "asc", 1000));
    }

    private static ApiAnswer Add(SimulatorWorld world, ApiRequest request, SessionRecord session)
    {
        if (request.Body.Text("type") != "file" || request.Body.Text("file_id") is null)
        {
            return ApiAnswer.Invalid("Only {type:\"file\",file_id} can be added.");
        }

        var rendered = SessionAttachments.Render(world, request.Body);
        session.Resources.Add((JsonNode)rendered);
        world.Machine.Touch(session);
        return ApiAnswer.Ok(rendered);
    }

    private static ApiAnswer Remove(SimulatorWorld world, ApiRequest request, SessionRecord session)
    {
        if (Find(request, session) is not { } found)
        {
            return ApiAnswer.NotFound("Session resource");
        }

        session.Resources.Remove(found);
        world.Machine.Touch(session);
        return ApiAnswer.Ok(new JsonObject { ["id"] = request.Route("rid"), ["type"] = "session_resource_deleted" });
    }

    private static JsonObject? Find(ApiRequest request, SessionRecord session) =>
        session.Resources.OfType<JsonObject>().FirstOrDefault(resource => resource.Text("id") == request.Route("rid"));
}
