using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClaudeDrive.Hydration;

namespace ClaudeDrive.Contexts;

/// <summary>
/// What the events of a session, folded in order, amount to: enough to conclude its state without reading the history again. Small whatever the
/// session's length: tool uses leave it when they are answered, or when an idle does not list them. Mutable while folding, stored as JSON.
/// </summary>
internal sealed class SessionFold
{
    /// <summary>Events folded.</summary>
    public int Events { get; set; }

    /// <summary>Newest event by its instant; a queued one, which has none yet, only when there is no other.</summary>
    public string? LastEventId { get; set; }

    /// <summary>Newest <c>processed_at</c>.</summary>
    public DateTimeOffset? LastAt { get; set; }

    /// <summary>The newest <c>session.status_*</c>: type without the prefix (<c>idle</c>, <c>running</c>, …); null before the first.</summary>
    public string? Status { get; set; }

    /// <summary>Its event id.</summary>
    public string? StatusEventId { get; set; }

    /// <summary>Its instant.</summary>
    public DateTimeOffset? StatusAt { get; set; }

    /// <summary><c>stop_reason.type</c> of the newest idle; null when the newest status is not an idle.</summary>
    public string? StopReason { get; set; }

    /// <summary>
    /// Event ids that the newest idle waits on, also while a newer status says that the session runs: it runs while any of its threads does, and
    /// those that wait go on waiting (claude-api §3.7).
    /// </summary>
    public IReadOnlyList<string> Requires { get; set; } = [];

    /// <summary>The event of that idle; null before the first.</summary>
    public string? RequiresEventId { get; set; }

    /// <summary>Its instant.</summary>
    public DateTimeOffset? RequiresAt { get; set; }

    /// <summary><c>stop_details</c> of the newest idle as JSON; null when none.</summary>
    public string? StopDetailsJson { get; set; }

    /// <summary><c>error</c> of the newest <c>session.error</c> as JSON; null when none.</summary>
    public string? LastErrorJson { get; set; }

    /// <summary>Its event id; null when none, or when a version that did not keep it folded it.</summary>
    public string? LastErrorEventId { get; set; }

    /// <summary>Its instant.</summary>
    public DateTimeOffset? LastErrorAt { get; set; }

    /// <summary>Tool uses without an answer, by event id.</summary>
    public Dictionary<string, PendingTool> Pending { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Answers to tool uses of the present pause: tool-use event id to answering event id.</summary>
    public Dictionary<string, string> Answers { get; set; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Instants of <see cref="Answers"/>: an idle that comes late must not make a newer answer forgotten. A queued answer has the latest there is.
    /// </summary>
    public Dictionary<string, DateTimeOffset> AnsweredAt { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Reads a stored fold; an empty one for null.</summary>
    public static SessionFold Parse(string? json) =>
        json is null ? new SessionFold() : JsonSerializer.Deserialize(json, SessionFoldJson.Default.SessionFold) ?? new SessionFold();

    /// <summary>The fold as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SessionFoldJson.Default.SessionFold);

    /// <summary>Type of <see cref="LastErrorJson"/>, one of claude-api §3.5; null when none.</summary>
    [JsonIgnore]
    public string? LastErrorType
    {
        get
        {
            if (LastErrorJson is null)
            {
                return null;
            }

            using var error = ApiJson.Parse(Encoding.UTF8.GetBytes(LastErrorJson));
            return SessionEventReader.Text(error.RootElement, "type");
        }
    }

    /// <summary>True when the newest idle waits on a tool use that no folded event explains: the history must be read from its beginning.</summary>
    [JsonIgnore]
    public bool HasUnexplainedRequirement =>
        StopReason == "requires_action" && Requires.Any(id => !Pending.ContainsKey(id) && !Answers.ContainsKey(id));
}

/// <summary>A tool use that waits for its answer.</summary>
/// <param name="Type">The event's type: <c>agent.custom_tool_use</c>, <c>agent.tool_use</c>, <c>agent.mcp_tool_use</c>.</param>
/// <param name="Name">Name of the tool: untrusted text.</param>
/// <param name="InputJson">Its arguments as JSON: untrusted.</param>
/// <param name="Permission"><c>evaluated_permission</c>; null when absent.</param>
/// <param name="ThreadId">The thread that asked; null for the primary one.</param>
/// <param name="At">When.</param>
internal sealed record PendingTool(string Type, string? Name, string? InputJson, string? Permission, string? ThreadId, DateTimeOffset? At);

[JsonSerializable(typeof(SessionFold))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class SessionFoldJson : JsonSerializerContext;
