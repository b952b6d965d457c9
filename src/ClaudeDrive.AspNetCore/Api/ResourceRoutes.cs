using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Contexts of the kinds other than sessions.</summary>
internal sealed class ResourceRoutes(IDriveStore store)
{
    private const string Tag = "resources";

    public void Map(ApiRoutes routes)
    {
        routes.Get("resources", CallerRole.Viewer, ListAsync)
            .Describe("listResources", Tag, "Contexts of agents, environments, vaults and so on, most recently changed first.")
            .Query("type", "Exact resource type.").Query("status", "Exact status.").Query("workspace_id", "Exact workspace id.")
            .Paged().Returns<ListOf<ResourceDto>>().Refuses(400);
        routes.Get("resources/{type}/{id}", CallerRole.Viewer, ShowAsync)
            .Describe("showResource", Tag, "One context.").Returns<ResourceDto>().Refuses(400, 404);
    }

    private async Task<ApiReply> ListAsync(HttpContext context)
    {
        var query = new ListQuery(context.Request, "resources");
        var filter = new ContextFilter
        {
            Type = query.Text("type"),
            NotType = ResourceKey.SessionType,
            Status = query.Text("status"),
            WorkspaceId = query.Text("workspace_id"),
        };
        var page = query.Page();
        return query.Problem is { } problem
            ? problem
            : Listing.Reply(
                query, await store.ListHeadsAsync(CallerFeature.SightOf(context), filter, page, context.RequestAborted),
                ResourceDto.Of, ApiJson.Default.ListOfResourceDto);
    }

    private async Task<ApiReply> ShowAsync(HttpContext context)
    {
        var (type, typeProblem) = RouteText.Read(context, "type");
        var (id, idProblem) = RouteText.Read(context, "id");
        if ((typeProblem ?? idProblem) is { } problem)
        {
            return problem;
        }

        return await store.FindHeadAsync(CallerFeature.SightOf(context), new ResourceKey(type, id), context.RequestAborted) is { } head
            ? ApiReply.Ok(ResourceDto.Of(head), ApiJson.Default.ResourceDto)
            : Problem.NotFound();
    }
}
