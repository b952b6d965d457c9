using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace ClaudeDrive.Tests.Fakes;

/// <summary>One session at the fake Claude: its object, its events, and the rules of claude-api §3.6.</summary>
internal sealed class FakeSession(string id, FakeTimeProvider time)
{
    private readonly List<JsonElement> _events = [];
    private HashSet<string> _open = new(StringComparer.Ordinal);

    public string Status { get; set; } = "running";

    public string? Budget { get; private set; } = "\"unset\"";

    public IReadOnlyList<JsonElement> Events => _events;

    /// <summary>User events that Claude took.</summary>
    public List<JsonElement> Accepted { get; } = [];

    public DateTimeOffset UpdatedAt { get; private set; } = time.GetUtcNow();

    /// <summary>False keeps the session waiting after its last answer.</summary>
    public bool ResumesByItself { get; set; } = true;

    private double Now => (time.GetUtcNow() - Make.Start).TotalSeconds;

    public string Json() => Fakes.Events.Session(Status, (UpdatedAt - Make.Start).TotalSeconds, id).GetRawText();

    public void Add(JsonElement element)
    {
        _events.Add(element);
        UpdatedAt = time.GetUtcNow();
    }

    public void Run()
    {
        Status = "running";
        Add(Fakes.Events.Running($"sevt_r{_events.Count}", Now));
    }

    /// <summary>The session asks for these custom tools and stops.</summary>
    public void Pause(params string[] tools)
    {
        foreach (var tool in tools)
        {
            Add(Fakes.Events.CustomTool(tool, Now));
        }

        Idle("requires_action", tools);
    }

    public void Idle(string reason, params string[] requires)
    {
        Status = "idle";
        _open = [.. requires];
        Add(Fakes.Events.Idle($"sevt_i{_events.Count}", Now, reason, requires));
    }

    /// <summary>Takes a user event or refuses it; null when refused. Adds the fields that Claude adds.</summary>
    public JsonElement? Take(JsonElement given)
    {
        var type = given.GetProperty("type").GetString();
        var tool = given.TryGetProperty("custom_tool_use_id", out var custom) ? custom.GetString()
            : given.TryGetProperty("tool_use_id", out var other) ? other.GetString() : null;
        if (tool is not null ? !_open.Remove(tool) : _open.Count > 0 && type != "user.interrupt")
        {
            return null;
        }

        var stored = JsonNode.Parse(given.GetRawText())!.AsObject();
        stored["id"] = $"sevt_u{_events.Count}";
        stored["processed_at"] = Fakes.Events.Instant(Now);
        foreach (var block in stored["content"] as JsonArray ?? [])
        {
            block!.AsObject()["citations"] = null;
        }

        var taken = Fakes.Events.Parse(stored.ToJsonString());
        Add(taken);
        Accepted.Add(taken);
        if (_open.Count == 0 && ResumesByItself)
        {
            Run();
        }

        return taken;
    }

    public void SetBudget(string json)
    {
        Budget = json;
        UpdatedAt = time.GetUtcNow();
    }
}
