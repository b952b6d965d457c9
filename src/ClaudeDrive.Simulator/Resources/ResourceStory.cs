using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Stories;

namespace ClaudeDrive.Simulator.Resources;

/// <summary>The part of the scenario <c>mixed</c> that is not about sessions: every other kind of resource is born, changes, and some end.</summary>
internal static class ResourceStory
{
    /// <summary>Plays it at once. Call under the world's lock.</summary>
    public static void Play(SimulatorWorld world)
    {
        var store = world.Resources;
        var agent = store.Create(ResourceKind.Agent, "story", ResourceJson.Agent("refunds"));
        store.Change(agent, new JsonObject { ["description"] = "Handles refunds." });
        store.Emit(agent, "updated");
        store.Archive(store.Create(ResourceKind.Agent, "story", ResourceJson.Agent("retired")));
        var environment = store.Create(ResourceKind.Environment, "story", ResourceJson.Environment("sandbox", selfHosted: false));
        store.Change(environment, new JsonObject { ["description"] = "Where the nightly work runs." });
        store.Emit(environment, "updated");
        store.Delete(store.Create(ResourceKind.Environment, "story", ResourceJson.Environment("scratch", selfHosted: false)));
        PlayDeployments(world, agent.Id, environment.Id);
        PlayVaults(store);
        var memory = store.Create(ResourceKind.MemoryStore, "story", ResourceJson.MemoryStore("customers"));
        store.Archive(memory);
        store.Create(ResourceKind.MemoryStore, "story", ResourceJson.MemoryStore("orders"));
        PlayOrganization(world);
    }

    private static void PlayDeployments(SimulatorWorld world, string agentId, string environmentId)
    {
        var store = world.Resources;
        var deployment = store.Create(ResourceKind.Deployment, "story", ResourceJson.Deployment("daily", agentId, environmentId));
        var session = world.Sessions.CreateFromScenario("story", ScenarioBook.Find("finishes")!, "Daily run", null, deployment.Id);
        var good = store.Create(ResourceKind.DeploymentRun, "story", ResourceJson.DeploymentRun(deployment.Id, agentId, session.Id, null, world.Now));
        store.Emit(good, "started");
        store.Emit(good, "succeeded");
        var bad = store.Create(
            ResourceKind.DeploymentRun, "story", ResourceJson.DeploymentRun(deployment.Id, agentId, null, "environment_archived_error", world.Now));
        store.Emit(bad, "started");
        store.Emit(bad, "failed");
        store.Change(deployment, new JsonObject
        {
            ["status"] = "paused",
            ["paused_reason"] = new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["type"] = "environment_archived_error" } },
        });
        store.Emit(deployment, "paused");
    }

    private static void PlayVaults(ResourceStore store)
    {
        var vault = store.Create(ResourceKind.Vault, "story", ResourceJson.Vault("crm"));
        var credential = store.Create(ResourceKind.Credential, "story", ResourceJson.Credential(vault.Id, "CRM"), vault.Id);
        store.Emit(credential, "refresh_failed");
        var old = store.Create(ResourceKind.Vault, "story", ResourceJson.Vault("old"));
        store.Create(ResourceKind.Credential, "story", ResourceJson.Credential(old.Id, "Old CRM"), old.Id);
        store.Archive(old);
    }

    private static void PlayOrganization(SimulatorWorld world)
    {
        var store = world.Resources;
        var profile = store.Create(ResourceKind.UserProfile, "story", ResourceJson.UserProfile("dana"));
        var action = world.Source.NewId("enac", profile.Id, 1);
        store.Change(profile, new JsonObject
        {
            ["enforcement_status"] = "restricted",
            ["enforcement_actions"] = new JsonArray(new JsonObject
            {
                ["id"] = action,
                ["type"] = "restriction",
                ["reason"] = "unspecified",
                ["opened_at"] = WireTime.Format(world.Now),
                ["expires_at"] = null,
                ["action"] = "verify",
            }),
        });
        store.Emit(profile, "enforcement_action_opened", new JsonObject { ["enforcement_action_id"] = action });
        store.Change(profile, new JsonObject
        {
            ["programs"] = new JsonObject
            {
                ["cyber"] = new JsonObject { ["status"] = "pending", ["requirements"] = null, ["tiers"] = new JsonObject() },
                ["efs"] = null,
            },
        });
        store.Emit(profile, "program_status_updated");
        var key = store.Create(ResourceKind.ExternalKey, "story", ResourceJson.ExternalKey("main"));
        store.Emit(key, "failed");
        store.Emit(key, "recovered");
    }
}
