using System.Globalization;
using System.Text.Json;

namespace ClaudeDrive.Tests.Fakes;

/// <summary>Session events and session objects as the API gives them (claude-api §3.4–§3.6, §12). Instants are seconds after the start.</summary>
internal static class Events
{
    public static string Instant(double seconds) =>
        Make.Start.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static JsonElement Event(string id, string type, double? at, string more = "") => Parse(
        $$"""{"id":"{{id}}","type":"{{type}}"{{(more.Length > 0 ? "," : "")}}{{more}},"processed_at":{{(at is { } value ? $"\"{Instant(value)}\"" : "null")}}}""");

    public static JsonElement Message(string id, double? at) => Event(id, "user.message", at, """
        "content":[{"type":"text","text":"go on"}]
        """);

    public static JsonElement Running(string id, double at) => Event(id, "session.status_running", at);

    public static JsonElement Idle(string id, double at, string reason, params string[] requires) => Event(id, "session.status_idle", at, $$"""
        "stop_reason":{"type":"{{reason}}"{{(requires.Length > 0 ? $",\"event_ids\":{JsonSerializer.Serialize(requires)}" : "")}}},"stop_details":null
        """);

    public static JsonElement CustomTool(string id, double at, string? thread = null) => Event(id, "agent.custom_tool_use", at, $$"""
        "name":"approve","input":{"order":"{{id}}"}{{Thread(thread)}}
        """);

    public static JsonElement Tool(string id, double at, string? permission = null, string? thread = null) => Event(id, "agent.tool_use", at, $$"""
        "name":"bash","input":{"command":"ls {{id}}"}{{(permission is null ? "" : $",\"evaluated_permission\":\"{permission}\"")}}{{Thread(thread)}}
        """);

    public static JsonElement McpTool(string id, double at, string? thread = null) => Event(id, "agent.mcp_tool_use", at, $$"""
        "mcp_server_name":"crm","name":"delete_contact","input":{"id":7},"evaluated_permission":"ask"{{Thread(thread)}}
        """);

    public static JsonElement CustomResult(string id, double? at, string toolUse) => Event(id, "user.custom_tool_result", at, $"\"custom_tool_use_id\":\"{toolUse}\"");

    public static JsonElement Confirmation(string id, double? at, string toolUse) =>
        Event(id, "user.tool_confirmation", at, $"\"tool_use_id\":\"{toolUse}\",\"result\":\"allow\"");

    public static JsonElement ToolResult(string id, double at, string toolUse) => Event(id, "agent.tool_result", at, $"\"tool_use_id\":\"{toolUse}\"");

    public static JsonElement Error(string id, double at, string type) => Event(id, "session.error", at, $$$"""
        "error":{"type":"{{{type}}}","message":"m","retry_status":{"type":"exhausted"}}
        """);

    public static JsonElement Session(string status, double updatedAt, string id = "sesn_1") => Parse($$$"""
        {"id":"{{{id}}}","type":"session","status":"{{{status}}}","title":"Refund 4711",
        "agent":{"id":"agent_1","type":"agent","version":3,"name":"refunds"},"metadata":{"case":"4711"},
        "budget":{"type":"limit","max_list_cost":{"amount":"2500","currency":"USD"} },
        "created_at":"{{{Instant(-100)}}}","updated_at":"{{{Instant(updatedAt)}}}","archived_at":null}
        """);

    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static string Thread(string? thread) => thread is null ? "" : $",\"session_thread_id\":\"{thread}\"";
}
