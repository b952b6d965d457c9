using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Resources;

/// <summary>One resource beside sessions. Guarded by the world's lock.</summary>
internal sealed class ResourceRecord
{
    private long _webhooks;

    /// <summary>Its kind.</summary>
    public required ResourceKind Kind { get; init; }

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Order of creation within the world.</summary>
    public required long Ordinal { get; init; }

    /// <summary>The object as the API shows it.</summary>
    public required JsonObject Body { get; init; }

    /// <summary>Earlier versions by number; agents only.</summary>
    public Dictionary<long, JsonObject> Versions { get; } = [];

    /// <summary>The vault of a credential.</summary>
    public string? VaultId { get; init; }

    /// <summary>Gone for the API.</summary>
    public bool Deleted { get; set; }

    /// <summary><c>active</c>, <c>archived</c> or <c>deleted</c>, or its own status field.</summary>
    public string State => Deleted ? "deleted" : Body["archived_at"] is not null ? "archived" : Body.Text("status") ?? "active";

    /// <summary>The next number for its webhook ids.</summary>
    public long NextWebhook() => ++_webhooks;
}
