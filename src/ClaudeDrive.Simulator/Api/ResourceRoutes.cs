using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Resources;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Workspace resources beside sessions (reference §4): read, list, create the simple ones, archive, delete.</summary>
internal static class ResourceRoutes
{
    public static void Map(IEndpointRouteBuilder app, SimulatorWorld world)
    {
        MapFamily(app, world, ResourceKind.Agent, "/v1/agents");
        MapFamily(app, world, ResourceKind.Environment, "/v1/environments");
        MapFamily(app, world, ResourceKind.Deployment, "/v1/deployments");
        MapFamily(app, world, ResourceKind.DeploymentRun, "/v1/deployment_runs");
        MapFamily(app, world, ResourceKind.Vault, "/v1/vaults");
        MapFamily(app, world, ResourceKind.Credential, "/v1/vaults/{vault}/credentials");
        MapFamily(app, world, ResourceKind.MemoryStore, "/v1/memory_stores");
        MapFamily(app, world, ResourceKind.UserProfile, "/v1/user_profiles");
        MapFamily(app, world, ResourceKind.ExternalKey, "/v1/organizations/external_keys");
        foreach (var kind in (ResourceKind[])[ResourceKind.Agent, ResourceKind.Environment, ResourceKind.Deployment, ResourceKind.Vault, ResourceKind.MemoryStore])
        {
            var path = "/v1/" + kind.Type + "s";
            app.Map(world, "POST", path, request => ResourceCreation.Create(world, kind, request.Body));
            app.Map(world, "POST", path + "/{id}/archive", request => With(world, kind, request, record =>
            {
                world.Resources.Archive(record);
                return ApiAnswer.Ok(record.Body);
            }));
        }

        foreach (var kind in (ResourceKind[])[ResourceKind.Environment, ResourceKind.Vault, ResourceKind.MemoryStore])
        {
            app.Map(world, "DELETE", "/v1/" + kind.Type + "s/{id}", request => With(world, kind, request, record =>
            {
                world.Resources.Delete(record);
                return ApiAnswer.Ok(new JsonObject { ["id"] = record.Id, ["type"] = kind.Type + "_deleted" });
            }));
        }

        ResourceActions.Map(app, world);
        app.Map(world, "POST", "/v1/agents/{id}", request => With(world, ResourceKind.Agent, request, record => UpdateAgent(world, record, request.Body)));
    }

    private static void MapFamily(IEndpointRouteBuilder app, SimulatorWorld world, ResourceKind kind, string path)
    {
        app.Map(world, "GET", path, request => List(world, kind, request));
        app.Map(world, "GET", path + "/{id}", request => With(world, kind, request, record => Show(kind, record, request)));
    }

    /// <summary>Runs <paramref name="handler"/> with the resource of the path, or answers 404.</summary>
    public static ApiAnswer With(SimulatorWorld world, ResourceKind kind, ApiRequest request, Func<ResourceRecord, ApiAnswer> handler)
    {
        var record = world.Resources.Find(kind, request.Route("id"));
        return record is null || (kind == ResourceKind.Credential && record.VaultId != request.Route("vault"))
            ? ApiAnswer.NotFound(kind.Type, kind.Type + "_not_found")
            : handler(record);
    }

    private static ApiAnswer Show(ResourceKind kind, ResourceRecord record, ApiRequest request)
    {
        if (kind == ResourceKind.UserProfile && request.HasBeta("user-profiles-2026-"))
        {
            return ApiAnswer.Ok(OldProfile(record.Body));
        }

        if (kind != ResourceKind.Agent || request.Query("version") is not { } version || version == record.Body["version"]!.ToJsonString())
        {
            return ApiAnswer.Ok(record.Body);
        }

        return long.TryParse(version, out var number) && record.Versions.TryGetValue(number, out var old)
            ? ApiAnswer.Ok(old)
            : ApiAnswer.NotFound("Agent version");
    }

    /// <summary>With a beta header from before general availability the newer fields are absent (reference §4).</summary>
    private static JsonObject OldProfile(JsonObject body)
    {
        var copy = body.DeepClone().AsObject();
        foreach (var name in (string[])["enforcement_status", "enforcement_actions", "programs"])
        {
            copy.Remove(name);
        }

        return copy;
    }

    private static ApiAnswer List(SimulatorWorld world, ResourceKind kind, ApiRequest request)
    {
        var created = request.CreatedFilter(out var problem);
        if (created is null)
        {
            return problem!;
        }

        var archived = request.Query("include_archived") == "true";
        var items = world.Resources.All.Where(record => record.Kind == kind && !record.Deleted
            && (archived || record.Body["archived_at"] is null)
            && WireTime.TryParse(record.Body.Text("created_at")!, out var at) && created(at)
            && Matches(request, record));
        return Paging.Page(request, items, new PageRules<ResourceRecord>(
            record => record.Ordinal, record => record.Body.ToJsonString(WireJson.Options), "desc", 100));
    }

    private static bool Matches(ApiRequest request, ResourceRecord record)
    {
        var body = record.Body;
        return (record.Kind != ResourceKind.Credential || record.VaultId == request.Route("vault"))
            && Same(request.Query("deployment_id"), body.Text("deployment_id"))
            && Same(request.Query("status"), body.Text("status"))
            && Same(request.Query("agent_id"), (body["agent"] as JsonObject)?.Text("id"))
            && Same(request.Query("trigger_type"), (body["trigger_context"] as JsonObject)?.Text("type"))
            && Same(request.Query("has_error"), body["error"] is null ? "false" : "true");
    }

    private static bool Same(string? wanted, string? actual) => wanted is null || wanted == actual;

    private static ApiAnswer UpdateAgent(SimulatorWorld world, ResourceRecord record, JsonObject body)
    {
        var changes = new JsonObject();
        foreach (var name in (string[])["name", "description", "system", "metadata", "tools", "mcp_servers"])
        {
            if (body.ContainsKey(name) && !JsonNode.DeepEquals(body[name], record.Body[name]))
            {
                changes[name] = body[name]?.DeepClone();
            }
        }

        if (changes.Count > 0)
        {
            world.Resources.Change(record, changes);
            world.Resources.Emit(record, "updated");
        }

        return ApiAnswer.Ok(record.Body);
    }
}
