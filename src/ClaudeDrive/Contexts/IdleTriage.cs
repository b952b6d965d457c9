using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using static ClaudeDrive.Contexts.ContextTransitions;

namespace ClaudeDrive.Contexts;

/// <summary>What a session is doing, concluded from its object and its folded events. Pure; never from a webhook (design §2, Contexts).</summary>
internal static class IdleTriage
{
    /// <summary>The conclusion.</summary>
    /// <param name="Status">See <see cref="ContextHead.Status"/>.</param>
    /// <param name="Triage">See <see cref="ContextHead.Triage"/>.</param>
    /// <param name="Blockers">See <see cref="ContextHead.Blockers"/>.</param>
    /// <param name="Contradicts">True when object and events disagree about the status: one of the two reads was behind.</param>
    internal sealed record Conclusion(string Status, string? Triage, IReadOnlyList<Blocker> Blockers, bool Contradicts);

    /// <summary>Concludes. The events win over the object's status: a GET may lag behind the list (claude-api §3.4), an archive ends both.</summary>
    public static Conclusion Conclude(JsonElement session, SessionFold fold)
    {
        var objectStatus = SessionEventReader.Text(session, "status") ?? Idle;
        if (objectStatus == Terminated || SessionEventReader.Text(session, "archived_at") is not null)
        {
            return new Conclusion(Terminated, null, [], Contradicts: false);
        }

        var status = fold.Status switch
        {
            null => objectStatus,
            "rescheduled" => Rescheduling,
            var other => other,
        };
        var contradicts = fold.Status is not null && status != objectStatus;
        return status switch
        {
            Idle => new Conclusion(Idle, Triage(fold), Blockers(session, fold), contradicts),
            Running or Rescheduling => new Conclusion(status, null, Tools(fold), contradicts), // Other threads may wait on.
            _ => new Conclusion(status, null, [], contradicts),
        };
    }

    /// <summary>SHA-256 of tool name, a line feed, and the arguments as fetched, lower-case hex.</summary>
    public static string InputHash(string? toolName, string? inputJson) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{toolName}\n{inputJson}")));

    private static string Triage(SessionFold fold) => fold.Status is null ? Triages.NeverStarted : fold.StopReason switch
    {
        "end_turn" => Triages.Finished,
        "requires_action" => Waiting(fold) is { Count: > 0 } waiting && waiting.TrueForAll(static tool => Kind(tool) == BlockerKinds.ToolPermission)
            ? Triages.NeedsPermission
            : Triages.NeedsAnswer,
        "budget_reached" => Triages.OutOfBudget,
        "retries_exhausted" => Triages.GaveUp,
        "refusal" => Triages.Refused,
        _ => Triages.Unknown,
    };

    // What has its answer counts only when everything has: the session then goes on in a moment.
    private static List<PendingTool?> Waiting(SessionFold fold)
    {
        var open = fold.Requires.Where(id => !fold.Answers.ContainsKey(id)).ToList();
        return (open.Count > 0 ? open : fold.Requires).Select(id => fold.Pending.GetValueOrDefault(id)).ToList();
    }

    private static string Kind(PendingTool? tool) => tool switch
    {
        { Type: "agent.mcp_tool_use" } or { Type: "agent.tool_use", Permission: "ask" } => BlockerKinds.ToolPermission,
        { Type: "agent.tool_use" } => BlockerKinds.SelfHostedTool,
        _ => BlockerKinds.CustomTool,
    };

    private static List<Blocker> Blockers(JsonElement session, SessionFold fold) => fold.StopReason switch
    {
        "requires_action" => Tools(fold),
        "budget_reached" => [OfSession(BlockerKinds.Budget, fold, SessionEventReader.Json(session, "budget"))],
        "retries_exhausted" => [OfSession(BlockerKinds.GaveUp, fold, fold.LastErrorJson)],
        "refusal" => [OfSession(BlockerKinds.Refusal, fold, fold.StopDetailsJson)],
        _ => [],
    };

    private static List<Blocker> Tools(SessionFold fold) =>
        [.. fold.Requires.Where(id => !fold.Answers.ContainsKey(id)).Distinct(StringComparer.Ordinal).Select(id => OfTool(id, fold))];

    private static Blocker OfTool(string eventId, SessionFold fold)
    {
        var tool = fold.Pending.GetValueOrDefault(eventId);
        return new Blocker
        {
            BlockingEventId = eventId,
            Kind = Kind(tool),
            ToolName = tool?.Name,
            InputJson = tool?.InputJson,
            InputHash = InputHash(tool?.Name, tool?.InputJson),
            SessionThreadId = tool?.ThreadId,
            Since = fold.RequiresAt,
        };
    }

    private static Blocker OfSession(string kind, SessionFold fold, string? detailsJson) => new()
    {
        BlockingEventId = fold.StatusEventId!,
        Kind = kind,
        InputJson = detailsJson,
        InputHash = InputHash(kind, detailsJson),
        Since = fold.StatusAt,
    };
}
