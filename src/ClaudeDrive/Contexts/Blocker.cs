namespace ClaudeDrive.Contexts;

/// <summary>One thing a session waits on, to be answered by a person or a tool handler.</summary>
internal sealed record Blocker
{
    /// <summary>The event to answer: the tool-use event, or the idle event for kinds without a tool.</summary>
    public required string BlockingEventId { get; init; }

    /// <summary>One of <see cref="BlockerKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Name of the tool: untrusted text; null for kinds without a tool.</summary>
    public string? ToolName { get; init; }

    /// <summary>The tool's arguments as JSON text, redacted: untrusted; null for kinds without a tool. Other kinds: details as JSON (refusal, error).</summary>
    public string? InputJson { get; init; }

    /// <summary>
    /// SHA-256 of tool name, a line feed, and the arguments as fetched, lower-case hex: what an answer is bound to, whatever redaction took out of
    /// <see cref="InputJson"/>.
    /// </summary>
    public required string InputHash { get; init; }

    /// <summary>The thread that asked, when a sub-agent did.</summary>
    public string? SessionThreadId { get; init; }

    /// <summary>When it began to wait, by Claude's clock.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>Kinds of blockers and of review items (contract §3, <c>reviews</c>).</summary>
internal static class BlockerKinds
{
    /// <summary>A custom tool waits for its result.</summary>
    public const string CustomTool = "custom_tool";

    /// <summary>A built-in or MCP tool waits for permission.</summary>
    public const string ToolPermission = "tool_permission";

    /// <summary>A tool of a self-hosted environment waits for its result.</summary>
    public const string SelfHostedTool = "self_hosted_tool";

    /// <summary>The spending cap is reached.</summary>
    public const string Budget = "budget";

    /// <summary>The session gave up after errors.</summary>
    public const string GaveUp = "gave_up";

    /// <summary>The model refused.</summary>
    public const string Refusal = "refusal";
}

/// <summary>Outcomes of idle triage (design §2, Contexts).</summary>
internal static class Triages
{
    /// <summary>The turn ended normally.</summary>
    public const string Finished = "finished";

    /// <summary>A custom or self-hosted tool waits for its result.</summary>
    public const string NeedsAnswer = "needs_answer";

    /// <summary>A tool waits for permission (and none for a result).</summary>
    public const string NeedsPermission = "needs_permission";

    /// <summary>The spending cap is reached.</summary>
    public const string OutOfBudget = "out_of_budget";

    /// <summary>Retries are exhausted.</summary>
    public const string GaveUp = "gave_up";

    /// <summary>The model refused.</summary>
    public const string Refused = "refused";

    /// <summary>No idle event exists: the session never ran.</summary>
    public const string NeverStarted = "never_started";

    /// <summary>A stop reason this version does not know: shown as it is.</summary>
    public const string Unknown = "unknown";
}
