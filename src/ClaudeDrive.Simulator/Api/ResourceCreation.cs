using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Resources;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Creating resources with the fields that matter to a session; everything else takes the simulator's defaults.</summary>
internal static class ResourceCreation
{
    public static ApiAnswer Create(SimulatorWorld world, ResourceKind kind, JsonObject body)
    {
        var name = body.Text(kind == ResourceKind.Vault ? "display_name" : "name");
        if (string.IsNullOrEmpty(name))
        {
            return ApiAnswer.Invalid("name: is required");
        }

        var fresh = Body(world, kind, name, body, out var problem);
        if (fresh is null)
        {
            return problem!;
        }

        foreach (var field in (string[])["description", "metadata", "system"])
        {
            if (body[field] is { } value && fresh.ContainsKey(field))
            {
                fresh[field] = value.DeepClone();
            }
        }

        return ApiAnswer.Ok(world.Resources.Create(kind, "api", fresh).Body);
    }

    private static JsonObject? Body(SimulatorWorld world, ResourceKind kind, string name, JsonObject body, out ApiAnswer? problem)
    {
        problem = null;
        if (kind == ResourceKind.Deployment)
        {
            var agent = body["agent"] is JsonObject reference ? reference.Text("id") : body.Text("agent");
            var environment = body.Text("environment_id");
            if (agent is null || world.Resources.Find(ResourceKind.Agent, agent) is null
                || environment is null || world.Resources.Find(ResourceKind.Environment, environment) is null)
            {
                problem = ApiAnswer.NotFound("Agent or environment");
                return null;
            }

            return ResourceJson.Deployment(name, agent, environment);
        }

        if (kind == ResourceKind.Agent)
        {
            return ResourceJson.Agent(name);
        }

        return kind == ResourceKind.Environment
            ? ResourceJson.Environment(name, (body["config"] as JsonObject)?.Text("type") == "self_hosted")
            : kind == ResourceKind.Vault ? ResourceJson.Vault(name) : ResourceJson.MemoryStore(name);
    }
}
