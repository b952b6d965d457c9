namespace ClaudeDrive.Simulator.Api;

/// <summary>Which beta header a path needs (reference §3.1, §4, §5). Pure.</summary>
internal static class BetaRules
{
    private const string ManagedAgents = "managed-agents-2026-04-01";
    private const string Memory = "agent-memory-2026-07-22";
    private const string Webhooks = "webhooks-2026-10-07";

    /// <summary>Values the SDKs know that may appear on these paths; anything else is 400.</summary>
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        ManagedAgents, Memory, Webhooks, "files-api-2025-04-14", "skills-2025-10-02", "mcp-client-2025-11-20", "dreaming-2026-04-21",
        "user-profiles-2026-03-24", "user-profiles-2026-08-18", "user-profiles-2026-09-04", "user-profiles-billing-2026-10-01", "mcp-tunnels-2026-06-22",
        "context-management-2025-06-27", "interleaved-thinking-2025-05-14", "output-300k-2026-03-24", "fast-mode-2026-02-01",
    };

    private static readonly string[] ManagedPaths =
        ["/v1/sessions", "/v1/agents", "/v1/environments", "/v1/deployments", "/v1/deployment_runs", "/v1/vaults"];

    /// <summary>The error for a request to <paramref name="path"/> with these beta values, or <see langword="null"/>.</summary>
    public static ApiAnswer? Problem(string path, IReadOnlyCollection<string> betas)
    {
        if (betas.FirstOrDefault(beta => !Known.Contains(beta)) is { } unknown)
        {
            return ApiAnswer.Invalid($"Unexpected value(s) `{unknown}` for the `anthropic-beta` header.");
        }

        if (Under(path, "/v1/memory_stores"))
        {
            return betas.Contains(ManagedAgents)
                ? ApiAnswer.Invalid($"`{ManagedAgents}` cannot be combined with `{Memory}`.")
                : betas.Contains(Memory) ? null : ApiAnswer.NotFound("Resource");
        }

        if (Under(path, "/v1/organizations/webhooks"))
        {
            return betas.Contains(Webhooks) ? null : ApiAnswer.NotFound("Resource");
        }

        if (!Array.Exists(ManagedPaths, prefix => Under(path, prefix)) || betas.Contains(ManagedAgents))
        {
            return null;
        }

        return path.Contains("/threads", StringComparison.Ordinal)
            ? ApiAnswer.NotFound("Resource")
            : ApiAnswer.Invalid($"This endpoint requires the `anthropic-beta: {ManagedAgents}` header.");
    }

    private static bool Under(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == '/');
}
