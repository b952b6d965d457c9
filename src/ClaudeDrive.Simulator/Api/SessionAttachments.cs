using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Resources attached to a session, as the session object shows them.</summary>
internal static class SessionAttachments
{
    /// <summary>Renders the <c>resources</c> of a create request; tokens are not kept.</summary>
    public static JsonArray Render(SimulatorWorld world, JsonArray requested)
    {
        var rendered = new JsonArray();
        foreach (var item in requested.OfType<JsonObject>())
        {
            rendered.Add((JsonNode)Render(world, item));
        }

        return rendered;
    }

    /// <summary>Renders one resource under a new id.</summary>
    public static JsonObject Render(SimulatorWorld world, JsonObject item)
    {
        var type = item.Text("type");
        if (type == "memory_store")
        {
            return new JsonObject
            {
                ["type"] = type,
                ["memory_store_id"] = item.Text("memory_store_id"),
                ["access"] = item.Text("access") ?? "read_write",
                ["instructions"] = item.Text("instructions"),
            };
        }

        var now = WireTime.Format(world.Now);
        var subject = type == "file" ? "file_id" : "url";
        var rendered = new JsonObject
        {
            ["id"] = world.Source.NewId("sesrsc", "attachment", world.Api.NextRequest()),
            ["type"] = type,
            [subject] = item.Text(subject),
            ["mount_path"] = item.Text("mount_path") ?? "/mnt/" + (type == "file" ? item.Text("file_id") : "repository"),
            ["created_at"] = now,
            ["updated_at"] = now,
        };
        if (type == "github_repository")
        {
            rendered["checkout"] = item["checkout"]?.DeepClone();
        }

        return rendered;
    }
}
