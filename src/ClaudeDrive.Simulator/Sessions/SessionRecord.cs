using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Stories;

namespace ClaudeDrive.Simulator.Sessions;

/// <summary>The whole true state of one session. Guarded by the world's lock.</summary>
internal sealed class SessionRecord
{
    /// <summary>Session id, <c>sesn_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Order of creation, unique in the world.</summary>
    public required long Ordinal { get; init; }

    /// <summary>The scenario it plays.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>Snapshot of the agent as the session object shows it.</summary>
    public required JsonObject Agent { get; set; }

    /// <summary>The environment.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>The deployment that created it, if one did.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>Title, if any.</summary>
    public string? Title { get; set; }

    /// <summary>Metadata, at most 16 pairs.</summary>
    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Attached resources as the session object shows them.</summary>
    public JsonArray Resources { get; init; } = [];

    /// <summary>Vaults.</summary>
    public JsonArray VaultIds { get; init; } = [];

    /// <summary>Spending cap in minor units of USD; <see langword="null"/> = none.</summary>
    public long? Budget { get; set; }

    /// <summary>Whether it was made with a budget; only then may one be set later.</summary>
    public bool HadBudget { get; init; }

    /// <summary><c>running</c>, <c>idle</c>, <c>rescheduling</c> or <c>terminated</c>.</summary>
    public string Status { get; set; } = "idle";

    /// <summary>Why it is idle; <see langword="null"/> when it never ran or is not idle.</summary>
    public string? StopReason { get; set; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When it was archived, if it was.</summary>
    public DateTimeOffset? ArchivedAt { get; set; }

    /// <summary>Deleted: gone for the API, kept for the ledger.</summary>
    public bool Deleted { get; set; }

    /// <summary>Time of its newest event, so that the next one is later.</summary>
    public DateTimeOffset? LastEventAt { get; set; }

    /// <summary>Events of the primary thread, in order of arrival.</summary>
    public List<StoredEvent> Events { get; } = [];

    /// <summary>Threads, the primary one first.</summary>
    public List<ThreadRecord> Threads { get; } = [];

    /// <summary>Every tool call, by event id.</summary>
    public Dictionary<string, ToolCall> ToolCalls { get; } = new(StringComparer.Ordinal);

    /// <summary>Grading results as the session object shows them.</summary>
    public List<JsonObject> Outcomes { get; } = [];

    /// <summary>Queued user messages, taken up when the turn ends.</summary>
    public Queue<StoredEvent> Queued { get; } = new();

    /// <summary>Open event streams.</summary>
    public List<EventStream> Streams { get; } = [];

    /// <summary>What the story still does.</summary>
    public Queue<StoryStep> Steps { get; } = new();

    /// <summary>Ids of events and threads the story refers to later.</summary>
    public Dictionary<string, string> Labels { get; } = new(StringComparer.Ordinal);

    /// <summary>Counts replacements of the story, so that a waiting step notices it was discarded.</summary>
    public int Generation { get; set; }

    /// <summary>Whether a runner is at work on the steps.</summary>
    public bool Playing { get; set; }

    /// <summary>Next number for event, thread and webhook ids of this session.</summary>
    public SessionCounters Counters { get; } = new();

    /// <summary>Spend so far.</summary>
    public SessionUsage Usage { get; } = new();

    /// <summary>The stale object reads still show under the fault <c>status_lag</c>, and until when.</summary>
    public (string Json, string Status, DateTimeOffset Until)? Lag { get; set; }

    /// <summary>Tool calls that wait for an answer, in order.</summary>
    public IEnumerable<ToolCall> OpenBlockers => ToolCalls.Values.Where(call => call.Open);

    /// <summary>Whether the session stands still until its blockers are answered.</summary>
    public bool Blocked => Status == "idle" && StopReason == "requires_action";

    /// <summary>Whether the session stands still at its spending cap.</summary>
    public bool AtCap => Status == "idle" && StopReason == "budget_reached";

    /// <summary>Completes when the delivery of <c>session.deleted</c> has ended.</summary>
    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The primary thread.</summary>
    public ThreadRecord Primary => Threads[0];
}
