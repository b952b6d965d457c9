using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Resources;

/// <summary>Agents, environments, deployments, runs, vaults, credentials, memory stores, user profiles and external keys. Guarded by the world's lock.</summary>
internal sealed class ResourceStore
{
    private readonly SimulatorWorld _world;
    private readonly List<ResourceRecord> _all = [];
    private readonly Dictionary<string, long> _perStream = new(StringComparer.Ordinal);

    /// <summary>Starts with one agent, a cloud and a self-hosted environment: what sessions need. They existed before, so nothing is emitted.</summary>
    public ResourceStore(SimulatorWorld world)
    {
        _world = world;
        DefaultAgent = Add(ResourceKind.Agent, "world", ResourceJson.Agent("assistant")).Body;
        _ = Add(ResourceKind.Environment, "world", ResourceJson.Environment("cloud", selfHosted: false));
        _ = Add(ResourceKind.Environment, "world", ResourceJson.Environment("own-hosts", selfHosted: true));
    }

    /// <summary>The agent scenario sessions use.</summary>
    public JsonObject DefaultAgent { get; }

    /// <summary>Every resource in order of creation, deleted ones included.</summary>
    public IReadOnlyList<ResourceRecord> All => _all;

    /// <summary>The environment scenario sessions use.</summary>
    public string DefaultEnvironment(bool selfHosted) =>
        _all.First(record => record.Kind == ResourceKind.Environment && record.Body.Text("name") == (selfHosted ? "own-hosts" : "cloud")).Id;

    /// <summary>The resource the API still shows, or <see langword="null"/>.</summary>
    public ResourceRecord? Find(ResourceKind kind, string id) => _all.Find(record => record.Kind == kind && record.Id == id && !record.Deleted);

    /// <summary>Stores a resource under a new id, without a webhook. Ids are counted per kind and <paramref name="origin"/>.</summary>
    public ResourceRecord Add(ResourceKind kind, string origin, JsonObject body, string? vaultId = null)
    {
        var stream = kind.Type + "/" + origin;
        var number = _perStream[stream] = _perStream.GetValueOrDefault(stream) + 1;
        var id = _world.Source.NewId(kind.Prefix, stream, number);
        var now = WireTime.Format(_world.Now);
        var full = new JsonObject { ["id"] = id, ["type"] = kind.Type };
        foreach (var (name, value) in body)
        {
            full[name] = value?.DeepClone();
        }

        full["created_at"] = now;
        if (kind != ResourceKind.DeploymentRun)
        {
            full["updated_at"] = now;
        }

        var record = new ResourceRecord { Kind = kind, Id = id, Ordinal = _all.Count + 1, Body = full, VaultId = vaultId };
        _all.Add(record);
        return record;
    }

    /// <summary>Stores a resource and emits its <c>created</c> event, if its kind has one.</summary>
    public ResourceRecord Create(ResourceKind kind, string origin, JsonObject body, string? vaultId = null)
    {
        var record = Add(kind, origin, body, vaultId);
        if (kind != ResourceKind.UserProfile && kind != ResourceKind.ExternalKey && kind != ResourceKind.DeploymentRun)
        {
            Emit(record, "created");
        }

        return record;
    }

    /// <summary>Changes fields and stamps <c>updated_at</c>; an agent also gets its next version.</summary>
    public void Change(ResourceRecord record, JsonObject fields)
    {
        if (record.Kind == ResourceKind.Agent)
        {
            var version = (long)record.Body.Number("version")!.Value;
            record.Versions[version] = record.Body.DeepClone().AsObject();
            record.Body["version"] = version + 1;
        }

        foreach (var (name, value) in fields)
        {
            record.Body[name] = value?.DeepClone();
        }

        Stamp(record);
    }

    /// <summary>Archives a resource and emits the event; a vault takes its credentials with it. A second time does nothing.</summary>
    public void Archive(ResourceRecord record)
    {
        if (record.Body["archived_at"] is not null)
        {
            return;
        }

        record.Body["archived_at"] = WireTime.Format(_world.Now);
        Stamp(record);
        Emit(record, "archived");
        foreach (var credential in Credentials(record.Id))
        {
            Archive(credential);
        }
    }

    /// <summary>Deletes a resource and emits the event; a vault takes its credentials with it.</summary>
    public void Delete(ResourceRecord record)
    {
        foreach (var credential in Credentials(record.Id))
        {
            Delete(credential);
        }

        record.Deleted = true;
        Emit(record, "deleted");
    }

    /// <summary>Emits <c>{type}.{what}</c> about a resource.</summary>
    public void Emit(ResourceRecord record, string what, JsonObject? extra = null)
    {
        var fields = extra ?? [];
        if (record.VaultId is not null)
        {
            fields["vault_id"] = record.VaultId;
        }

        _world.EmitResource(record.Id, record.NextWebhook(), record.Kind.Type + "." + what, fields);
    }

    /// <summary>Credentials of a vault that still exist.</summary>
    public IReadOnlyList<ResourceRecord> Credentials(string vaultId) =>
        [.. _all.Where(record => record.Kind == ResourceKind.Credential && record.VaultId == vaultId && !record.Deleted)];

    private void Stamp(ResourceRecord record)
    {
        if (record.Kind != ResourceKind.DeploymentRun && WireTime.TryParse(record.Body.Text("updated_at")!, out var last))
        {
            record.Body["updated_at"] = WireTime.Format(WireTime.After(_world.Now, last));
        }
    }
}
