using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Resources;
using ClaudeDrive.Simulator.Stories;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Actions on resources: versions of an agent, pausing and running a deployment, validating a credential or key.</summary>
internal static class ResourceActions
{
    public static void Map(IEndpointRouteBuilder app, SimulatorWorld world)
    {
        app.Map(world, "GET", "/v1/agents/{id}/versions", request => ResourceRoutes.With(world, ResourceKind.Agent, request, record => Versions(request, record)));
        app.Map(world, "POST", "/v1/deployments/{id}/pause", request => ResourceRoutes.With(world, ResourceKind.Deployment, request, record =>
            SetStatus(world, record, "paused", new JsonObject { ["type"] = "manual" })));
        app.Map(world, "POST", "/v1/deployments/{id}/unpause", request => ResourceRoutes.With(world, ResourceKind.Deployment, request, record =>
            SetStatus(world, record, "active", null)));
        app.Map(world, "POST", "/v1/deployments/{id}/run", request => ResourceRoutes.With(world, ResourceKind.Deployment, request, record => Run(world, record)));
        app.Map(world, "POST", "/v1/vaults/{vault}/credentials/{id}/mcp_oauth_validate", request =>
            ResourceRoutes.With(world, ResourceKind.Credential, request, record => Validate(world, record)));
        app.Map(world, "POST", "/v1/organizations/external_keys/{id}/validate", request => ResourceRoutes.With(world, ResourceKind.ExternalKey, request, _ =>
            ApiAnswer.Ok(new JsonObject { ["type"] = "external_key_validation", ["status"] = "success", ["error"] = null })));
    }

    private static ApiAnswer Versions(ApiRequest request, ResourceRecord record)
    {
        var bodies = record.Versions.Append(new((long)record.Body.Number("version")!.Value, record.Body));
        return Paging.Page(request, bodies, new PageRules<KeyValuePair<long, JsonObject>>(
            version => version.Key, version => version.Value.ToJsonString(WireJson.Options), "desc", 100));
    }

    private static ApiAnswer SetStatus(SimulatorWorld world, ResourceRecord record, string status, JsonObject? reason)
    {
        if (record.Body.Text("status") != status)
        {
            world.Resources.Change(record, new JsonObject { ["status"] = status, ["paused_reason"] = reason });
            world.Resources.Emit(record, status == "paused" ? "paused" : "unpaused");
        }

        return ApiAnswer.Ok(record.Body);
    }

    /// <summary>A manual run: it makes a session and emits no deployment_run event (reference §1.4).</summary>
    private static ApiAnswer Run(SimulatorWorld world, ResourceRecord record)
    {
        var session = world.Sessions.CreateFromScenario("api", ScenarioBook.Find(ScenarioBook.Default)!, record.Body.Text("name"), null, record.Id);
        var body = ResourceJson.DeploymentRun(record.Id, record.Body["agent"]!.AsObject().Text("id")!, session.Id, null, world.Now);
        body["trigger_context"] = new JsonObject { ["type"] = "manual" };
        return ApiAnswer.Ok(world.Resources.Add(ResourceKind.DeploymentRun, "api", body).Body);
    }

    private static ApiAnswer Validate(SimulatorWorld world, ResourceRecord record) => ApiAnswer.Ok(new JsonObject
    {
        ["type"] = "vault_credential_validation",
        ["credential_id"] = record.Id,
        ["vault_id"] = record.VaultId,
        ["status"] = "valid",
        ["has_refresh_token"] = false,
        ["mcp_probe"] = null,
        ["refresh"] = null,
        ["validated_at"] = WireTime.Format(world.Now),
    });
}
