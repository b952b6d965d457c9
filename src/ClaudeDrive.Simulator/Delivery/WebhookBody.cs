using System.Text;
using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Delivery;

/// <summary>Bodies of deliveries in both dialects. Pure.</summary>
internal static class WebhookBody
{
    /// <summary>The body Anthropic sends today (reference §1.3); <paramref name="data"/> holds the ids.</summary>
    public static byte[] Standard(string id, string type, DateTimeOffset at, JsonObject data) => Bytes(new JsonObject
    {
        ["type"] = "event",
        ["id"] = id,
        ["created_at"] = WireTime.Format(at),
        ["data"] = With(new JsonObject { ["type"] = type }, data),
    });

    /// <summary>The flat body of the guide dialect: type and resource ids at the top level.</summary>
    public static byte[] Guide(string id, string type, DateTimeOffset at, JsonObject data)
    {
        var body = new JsonObject { ["id"] = id, ["type"] = type, ["created_at"] = WireTime.Format(at) };
        var field = IdField(type);
        foreach (var (name, value) in data)
        {
            body[name == "id" ? field : name] = value?.DeepClone();
        }

        return Bytes(body);
    }

    /// <summary>
    /// The name the guide dialect uses for a type and stop reason: <c>session.status_completed</c>, <c>session.status_error</c>,
    /// <c>tool.result_pending</c>, else the standard name.
    /// </summary>
    public static string GuideType(string type, string? stopReason) => (type, stopReason) switch
    {
        ("session.status_idled", "end_turn") => "session.status_completed",
        ("session.status_idled", "requires_action") => "tool.result_pending",
        ("session.status_idled", "retries_exhausted") => "session.status_error",
        ("session.status_rescheduled", _) => "session.status_error",
        _ => type,
    };

    private static string IdField(string type)
    {
        var kind = type[..type.IndexOf('.', StringComparison.Ordinal)];
        return kind is "tool" or "session" ? "session_id" : kind + "_id";
    }

    private static JsonObject With(JsonObject target, JsonObject fields)
    {
        foreach (var (name, value) in fields)
        {
            target[name] = value?.DeepClone();
        }

        return target;
    }

    private static byte[] Bytes(JsonObject node) => Encoding.UTF8.GetBytes(node.ToJsonString(WireJson.Options));
}
