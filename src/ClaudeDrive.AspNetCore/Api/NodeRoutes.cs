using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Nodes;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>The processes over the store.</summary>
internal sealed class NodeRoutes(INodeStore store, NodeIdentity self)
{
    public void Map(ApiRoutes routes) =>
        // What a node does is all tenants' work together.
        routes.Get("nodes", CallerRole.Viewer, ListAsync, AccessReach.Everything)
            .Describe("listNodes", "nodes", "Every process that shares the store, silent ones of the last day included, oldest start first.")
            .Returns<ListOf<NodeDto>>();

    // Never paged: nodes are few, and silent ones are forgotten after a day.
    private async Task<ApiReply> ListAsync(HttpContext context)
    {
        var nodes = await store.ListNodesAsync(context.RequestAborted);
        return ApiReply.Ok(new ListOf<NodeDto>([.. nodes.Select(node => NodeDto.Of(node, self))], null, nodes.Count), ApiJson.Default.ListOfNodeDto);
    }
}
