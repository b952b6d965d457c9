using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Sessions;

/// <summary>A valid request for a session.</summary>
internal sealed record NewSession
{
    /// <summary>The agent as its own resource shows it.</summary>
    public required JsonObject Agent { get; init; }

    /// <summary>An existing environment.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>Title, if any.</summary>
    public string? Title { get; init; }

    /// <summary>Spending cap in minor units of USD.</summary>
    public long? Budget { get; init; }

    /// <summary>The deployment that starts it, if one does.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>Metadata within the limits.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Attached resources as the session object shows them.</summary>
    public JsonArray Resources { get; init; } = [];

    /// <summary>Vaults.</summary>
    public JsonArray VaultIds { get; init; } = [];
}
