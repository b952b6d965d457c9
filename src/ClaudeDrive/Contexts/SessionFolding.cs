using System.Text.Json;
using ClaudeDrive.Hydration;
using static ClaudeDrive.Contexts.SessionEventReader;

namespace ClaudeDrive.Contexts;

/// <summary>Folds session events into <see cref="SessionFold"/>: a pure function of the fold and the event (claude-api §3.5, §3.6).</summary>
internal static class SessionFolding
{
    private const string StatusPrefix = "session.status_";

    /// <summary>
    /// Folds what a fetch brought and the fold has not seen; returns what the transcript lacks. <paramref name="known"/>: events that the store
    /// holds. <paramref name="answered"/> gets every answer met, those of pauses that are over included, which the fold forgets.
    /// </summary>
    public static List<SessionEventRecord> Fold(
        SessionFold fold, HydratedResource fetched, IReadOnlyDictionary<string, DateTimeOffset?> known, Dictionary<string, string> answered)
    {
        List<SessionEventRecord> fresh = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var element in fetched.Events)
        {
            if (Record(element) is not { } record || !seen.Add(record.EventId))
            {
                continue;
            }

            var isKnown = known.TryGetValue(record.EventId, out var processedAt);
            if (isKnown && processedAt == record.ProcessedAt && !fetched.IsWholeHistory)
            {
                continue;
            }

            if (isKnown && !fetched.IsWholeHistory)
            {
                Settle(fold, element);
            }
            else
            {
                Add(fold, element);
                if (AnsweredBy(element) is { } toolUseId)
                {
                    answered.TryAdd(toolUseId, record.EventId);
                }
            }

            if (!isKnown || processedAt != record.ProcessedAt)
            {
                fresh.Add(record);
            }
        }

        return fresh;
    }

    /// <summary>Folds one event that the fold has not seen. Events may come late: an older status never replaces a newer one.</summary>
    public static void Add(SessionFold fold, JsonElement element)
    {
        var id = Text(element, "id");
        if (id is null)
        {
            return;
        }

        var type = Text(element, "type") ?? "";
        var at = Instant(element, "processed_at");
        fold.Events++;
        fold.LastEventId ??= id;
        Clock(fold, id, at);
        if (type.StartsWith(StatusPrefix, StringComparison.Ordinal))
        {
            AddStatus(fold, element, id, type[StatusPrefix.Length..], at);
        }
        else
        {
            AddOther(fold, element, id, type, at);
        }
    }

    /// <summary>An event seen before, while queued, now has its instant: moves the clocks only.</summary>
    public static void Settle(SessionFold fold, JsonElement element)
    {
        if (Text(element, "id") is { } id)
        {
            Clock(fold, id, Instant(element, "processed_at"));
        }
    }

    /// <summary>The tool use that an event answers or ends; null when it does neither.</summary>
    public static string? AnsweredBy(JsonElement element) => Text(element, "type") switch
    {
        "user.custom_tool_result" => Text(element, "custom_tool_use_id"),
        "user.tool_confirmation" or "user.tool_result" or "agent.tool_result" => Text(element, "tool_use_id"),
        "agent.mcp_tool_result" => Text(element, "mcp_tool_use_id"),
        _ => null,
    };

    private static void Clock(SessionFold fold, string id, DateTimeOffset? at)
    {
        if (at is not null && (fold.LastAt is null || at >= fold.LastAt))
        {
            fold.LastEventId = id;
            fold.LastAt = at;
        }
    }

    private static void AddStatus(SessionFold fold, JsonElement element, string id, string status, DateTimeOffset? at)
    {
        if (fold.StatusAt is { } known && at < known)
        {
            return;
        }

        fold.Status = status;
        fold.StatusEventId = id;
        fold.StatusAt = at ?? fold.StatusAt;
        var reason = Child(element, "stop_reason");
        fold.StopReason = status == "idle" ? Text(reason, "type") ?? Triages.Unknown : null;
        fold.StopDetailsJson = status == "idle" ? Json(element, "stop_details") : null;
        fold.Requires = status == "idle" ? Ids(reason) : [];
        if (status is "idle" or "terminated")
        {
            // A pause lists everything it waits on; whatever it does not list will never be asked for.
            foreach (var gone in fold.Pending.Keys.Except(fold.Requires, StringComparer.Ordinal).ToArray())
            {
                fold.Pending.Remove(gone);
            }

            foreach (var old in fold.Answers.Keys.Except(fold.Requires, StringComparer.Ordinal).ToArray())
            {
                fold.Answers.Remove(old);
            }
        }
    }

    private static void AddOther(SessionFold fold, JsonElement element, string id, string type, DateTimeOffset? at)
    {
        switch (type)
        {
            case "agent.custom_tool_use" or "agent.tool_use" or "agent.mcp_tool_use":
                fold.Pending[id] = new PendingTool(
                    type, Text(element, "name"), Json(element, "input"), Text(element, "evaluated_permission"), Text(element, "session_thread_id"), at);
                break;
            case "user.custom_tool_result" or "user.tool_confirmation" or "user.tool_result":
                Answer(fold, AnsweredBy(element), id);
                break;
            case "agent.tool_result" or "agent.mcp_tool_result":
                Finish(fold, AnsweredBy(element), id);
                break;
            case "session.error" when fold.LastErrorAt is null || !(at < fold.LastErrorAt):
                fold.LastErrorJson = Json(element, "error");
                fold.LastErrorAt = at;
                break;
            default:
                break; // Transcript only.
        }
    }

    // The tool use stays in Pending: a person may still look at what was asked. The next pause clears both.
    private static void Answer(SessionFold fold, string? toolUseId, string answerId)
    {
        if (toolUseId is not null)
        {
            fold.Answers.TryAdd(toolUseId, answerId);
        }
    }

    // A tool that needed nobody is forgotten at once, so that a turn of many tools stays small. One that the pause waits on was ended without an
    // answer, by an interrupt (claude-api §3.6).
    private static void Finish(SessionFold fold, string? toolUseId, string resultId)
    {
        if (toolUseId is not null && fold.Requires.Contains(toolUseId, StringComparer.Ordinal))
        {
            fold.Answers.TryAdd(toolUseId, resultId);
        }
        else if (toolUseId is not null)
        {
            fold.Pending.Remove(toolUseId);
        }
    }

    private static string[] Ids(JsonElement reason)
    {
        var ids = Child(reason, "event_ids");
        return ids.ValueKind is JsonValueKind.Array
            ? [.. ids.EnumerateArray().Where(static id => id.ValueKind is JsonValueKind.String).Select(static id => id.GetString()!)]
            : [];
    }
}
