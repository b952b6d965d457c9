using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Resources;

/// <summary>Bodies of resources without id, type and times (reference §4).</summary>
internal static class ResourceJson
{
    /// <summary>The model every simulated agent names.</summary>
    public const string Model = "claude-opus-4-6";

    /// <summary>An agent with built-in tools, one MCP server and two custom tools.</summary>
    public static JsonObject Agent(string name) => new()
    {
        ["name"] = name,
        ["description"] = null,
        ["system"] = "You are a careful office worker.",
        ["model"] = new JsonObject { ["id"] = Model },
        ["tools"] = Tools(),
        ["skills"] = new JsonArray(),
        ["mcp_servers"] = new JsonArray(new JsonObject { ["type"] = "url", ["name"] = "crm", ["url"] = "https://crm.example/mcp" }),
        ["multiagent"] = null,
        ["execution_identity"] = new JsonObject { ["type"] = "service_account" },
        ["metadata"] = new JsonObject(),
        ["version"] = 1,
        ["archived_at"] = null,
    };

    /// <summary>The snapshot of an agent inside a session.</summary>
    public static JsonObject SessionAgent(JsonObject agent)
    {
        var copy = agent.DeepClone().AsObject();
        foreach (var name in (string[])["metadata", "created_at", "updated_at", "archived_at"])
        {
            copy.Remove(name);
        }

        copy["multiagent"] = null;
        return copy;
    }

    /// <summary>A child's agent that exists only within its session.</summary>
    public static JsonObject InlineAgent(string name) => new()
    {
        ["type"] = "inline",
        ["name"] = name,
        ["description"] = null,
        ["system"] = null,
        ["model"] = new JsonObject { ["id"] = Model },
        ["tools"] = new JsonArray(),
        ["skills"] = new JsonArray(),
        ["mcp_servers"] = new JsonArray(),
        ["execution_identity"] = new JsonObject { ["type"] = "service_account" },
    };

    /// <summary>A cloud or self-hosted environment.</summary>
    public static JsonObject Environment(string name, bool selfHosted) => new()
    {
        ["name"] = name,
        ["description"] = null,
        ["config"] = selfHosted ? new JsonObject { ["type"] = "self_hosted" } : CloudConfig(),
        ["metadata"] = new JsonObject(),
        ["scope"] = "organization",
        ["archived_at"] = null,
    };

    /// <summary>A daily deployment.</summary>
    public static JsonObject Deployment(string name, string agentId, string environmentId) => new()
    {
        ["name"] = name,
        ["description"] = null,
        ["agent"] = new JsonObject { ["type"] = "agent", ["id"] = agentId, ["version"] = 1 },
        ["environment_id"] = environmentId,
        ["initial_events"] = new JsonArray(new JsonObject { ["type"] = "user.message", ["content"] = WireJson.TextContent("Do the daily work.") }),
        ["schedule"] = new JsonObject { ["type"] = "cron", ["expression"] = "0 9 * * *", ["timezone"] = "UTC" },
        ["status"] = "active",
        ["paused_reason"] = null,
        ["resources"] = new JsonArray(),
        ["vault_ids"] = new JsonArray(),
        ["budget"] = null,
        ["metadata"] = new JsonObject(),
        ["archived_at"] = null,
    };

    /// <summary>A scheduled run that made a session, or failed with an <paramref name="error"/>.</summary>
    public static JsonObject DeploymentRun(string deploymentId, string agentId, string? sessionId, string? error, DateTimeOffset scheduledAt) => new()
    {
        ["deployment_id"] = deploymentId,
        ["agent"] = new JsonObject { ["type"] = "agent", ["id"] = agentId, ["version"] = 1 },
        ["session_id"] = sessionId,
        ["error"] = error is null ? null : new JsonObject { ["type"] = error, ["message"] = "The run could not start." },
        ["trigger_context"] = new JsonObject { ["type"] = "schedule", ["scheduled_at"] = WireTime.Format(scheduledAt) },
    };

    /// <summary>A vault.</summary>
    public static JsonObject Vault(string name) => new()
    {
        ["display_name"] = name,
        ["metadata"] = new JsonObject(),
        ["archived_at"] = null,
    };

    /// <summary>An OAuth credential; secrets are never shown.</summary>
    public static JsonObject Credential(string vaultId, string name) => new()
    {
        ["vault_id"] = vaultId,
        ["display_name"] = name,
        ["auth"] = new JsonObject { ["type"] = "mcp_oauth", ["mcp_server_url"] = "https://crm.example/mcp", ["expires_at"] = null },
        ["metadata"] = new JsonObject(),
        ["archived_at"] = null,
    };

    /// <summary>A memory store.</summary>
    public static JsonObject MemoryStore(string name) => new()
    {
        ["name"] = name,
        ["description"] = "What was learnt.",
        ["metadata"] = new JsonObject(),
        ["archived_at"] = null,
    };

    /// <summary>An unrestricted user profile without programs.</summary>
    public static JsonObject UserProfile(string name) => new()
    {
        ["access_type"] = "application",
        ["name"] = name,
        ["metadata"] = new JsonObject(),
        ["external_user_details"] = new JsonObject
        {
            ["account_status"] = "active",
            ["country"] = null,
            ["email_hash"] = null,
            ["entity_type"] = "individual",
            ["name_hash"] = null,
            ["onboarded_at"] = null,
            ["reference_id"] = null,
        },
        ["enforcement_status"] = "unrestricted",
        ["enforcement_actions"] = new JsonArray(),
        ["programs"] = new JsonObject { ["cyber"] = null, ["efs"] = null },
    };

    /// <summary>An attached external key at AWS.</summary>
    public static JsonObject ExternalKey(string name) => new()
    {
        ["attachment"] = new JsonObject { ["type"] = "attached" },
        ["display_name"] = name,
        ["geo"] = "us",
        ["provider_config"] = new JsonObject { ["type"] = "aws", ["kms_arn"] = "arn:aws:kms:us-east-1:000000000000:key/simulated" },
        ["user_profile_id"] = null,
    };

    private static JsonObject CloudConfig() => new()
    {
        ["type"] = "cloud",
        ["networking"] = new JsonObject { ["type"] = "unrestricted" },
        ["packages"] = new JsonObject
        {
            ["type"] = "packages",
            ["apt"] = new JsonArray(),
            ["cargo"] = new JsonArray(),
            ["gem"] = new JsonArray(),
            ["go"] = new JsonArray(),
            ["npm"] = new JsonArray(),
            ["pip"] = new JsonArray(),
        },
    };

    private static JsonArray Tools() => new(
        new JsonObject { ["type"] = "agent_toolset_20260401", ["configs"] = new JsonArray(), ["default_config"] = Policy("always_allow") },
        new JsonObject { ["type"] = "mcp_toolset", ["mcp_server_name"] = "crm", ["configs"] = new JsonArray(), ["default_config"] = Policy("always_ask") },
        CustomTool("approve_refund", "Asks a person to approve a refund.", "order"),
        CustomTool("choose_account", "Asks a person to choose an account.", "candidates"));

    private static JsonObject Policy(string type) => new() { ["enabled"] = true, ["permission_policy"] = new JsonObject { ["type"] = type } };

    private static JsonObject CustomTool(string name, string description, string property) => new()
    {
        ["type"] = "custom",
        ["name"] = name,
        ["description"] = description,
        ["input_schema"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { [property] = new JsonObject { ["description"] = "what it is about" } },
        },
    };
}
