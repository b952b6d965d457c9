using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Sessions;

/// <summary>One thread of a session. Guarded by the world's lock.</summary>
internal sealed class ThreadRecord
{
    /// <summary>Thread id, <c>sthr_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The session it belongs to.</summary>
    public required string SessionId { get; init; }

    /// <summary>The thread that opened it; <see langword="null"/> for the primary thread.</summary>
    public string? ParentId { get; init; }

    /// <summary>Name of its agent.</summary>
    public required string AgentName { get; init; }

    /// <summary>Snapshot of its agent.</summary>
    public required JsonObject Agent { get; init; }

    /// <summary><c>running</c>, <c>idle</c>, <c>rescheduling</c> or <c>terminated</c>.</summary>
    public string Status { get; set; } = "idle";

    /// <summary>When it was opened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When it was archived, if it was.</summary>
    public DateTimeOffset? ArchivedAt { get; set; }

    /// <summary>Its own events; the primary thread's are those of the session.</summary>
    public List<StoredEvent> Events { get; } = [];

    /// <summary>Open event streams of this thread.</summary>
    public List<EventStream> Streams { get; } = [];

    /// <summary>Whether it has been idle after work, from when its usage is known.</summary>
    public bool HasWorked { get; set; }

    /// <summary>The wire form.</summary>
    public JsonObject Render() => new()
    {
        ["id"] = Id,
        ["type"] = "session_thread",
        ["session_id"] = SessionId,
        ["parent_thread_id"] = ParentId,
        ["status"] = Status,
        ["agent"] = Agent.DeepClone(),
        ["stats"] = HasWorked ? new JsonObject { ["active_seconds"] = 1.5, ["duration_seconds"] = 2.5 } : null,
        ["usage"] = HasWorked ? new JsonObject { ["input_tokens"] = 400, ["output_tokens"] = 80, ["cache_read_input_tokens"] = 0 } : null,
        ["workflow_run_id"] = null,
        ["created_at"] = WireTime.Format(CreatedAt),
        ["updated_at"] = WireTime.Format(UpdatedAt),
        ["archived_at"] = ArchivedAt is { } at ? WireTime.Format(at) : null,
    };
}
