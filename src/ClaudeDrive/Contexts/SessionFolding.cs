using System.Text.Json;
using ClaudeDrive.Hydration;
using static ClaudeDrive.Contexts.SessionEventReader;

namespace ClaudeDrive.Contexts;

/// <summary>Folds session events into <see cref="SessionFold"/>: a pure function of the fold and the event (claude-api §3.5, §3.6).</summary>
internal static class SessionFolding
{
    private const string StatusPrefix = "session.status_";
    private const string ErrorType = "session.error";

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
            if (isKnown && !fetched.IsWholeHistory)
            {
                Settle(fold, element, seen);
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

    /// <summary>
    /// An event folded before is listed again: moves the clocks, since a queued one may have its instant now. Where events tie, the list says which
    /// is the later one (claude-api §3.5), and it may have been seen before the other: it takes its place again from one of
    /// <paramref name="before"/>, the ids that this list names before it.
    /// </summary>
    public static void Settle(SessionFold fold, JsonElement element, IReadOnlySet<string> before)
    {
        if (Text(element, "id") is not { } id || Instant(element, "processed_at") is not { } at)
        {
            return;
        }

        if (AnsweredBy(element) is { } toolUseId && fold.Answers.GetValueOrDefault(toolUseId) == id)
        {
            fold.AnsweredAt[toolUseId] = at;
        }

        var type = Text(element, "type") ?? "";
        if (fold.LastAt is null || at > fold.LastAt || (at == fold.LastAt && IsBefore(fold.LastEventId)))
        {
            Clock(fold, id, at);
        }

        if (type.StartsWith(StatusPrefix, StringComparison.Ordinal)
            && ((at == fold.StatusAt && IsBefore(fold.StatusEventId)) || (at == fold.RequiresAt && IsBefore(fold.RequiresEventId))))
        {
            AddStatus(fold, element, id, type[StatusPrefix.Length..], at);
        }

        if (at == fold.LastErrorAt && IsBefore(fold.LastErrorEventId) && type == ErrorType)
        {
            AddError(fold, element, id, at);
        }

        bool IsBefore(string? other) => other is not null && other != id && before.Contains(other);
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
        if (status is "idle" or "terminated" && !(at < fold.RequiresAt))
        {
            AddRequires(fold, element, id, at);
        }

        if (at < fold.StatusAt)
        {
            return;
        }

        fold.Status = status;
        fold.StatusEventId = id;
        fold.StatusAt = at ?? fold.StatusAt;
        fold.StopReason = status == "idle" ? Text(Child(element, "stop_reason"), "type") ?? Triages.Unknown : null;
        fold.StopDetailsJson = status == "idle" ? Json(element, "stop_details") : null;
    }

    // A pause lists everything it waits on; whatever it does not list, and was asked before it, will never be asked for.
    private static void AddRequires(SessionFold fold, JsonElement element, string id, DateTimeOffset? at)
    {
        fold.Requires = Ids(Child(element, "stop_reason"));
        fold.RequiresEventId = id;
        fold.RequiresAt = at ?? fold.RequiresAt;
        foreach (var (gone, tool) in fold.Pending.Where(pair => !fold.Requires.Contains(pair.Key, StringComparer.Ordinal)).ToArray())
        {
            if (!(tool.At > at))
            {
                fold.Pending.Remove(gone);
            }
        }

        foreach (var old in fold.Answers.Keys.Except(fold.Requires, StringComparer.Ordinal).ToArray())
        {
            if (!fold.AnsweredAt.TryGetValue(old, out var answeredAt) || !(answeredAt > at))
            {
                fold.Answers.Remove(old);
                fold.AnsweredAt.Remove(old);
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
                Answer(fold, AnsweredBy(element), id, at);
                break;
            case "agent.tool_result" or "agent.mcp_tool_result":
                Finish(fold, AnsweredBy(element), id, at);
                break;
            case ErrorType when fold.LastErrorAt is null || !(at < fold.LastErrorAt):
                AddError(fold, element, id, at);
                break;
            default:
                break; // Transcript only.
        }
    }

    private static void AddError(SessionFold fold, JsonElement element, string id, DateTimeOffset? at)
    {
        fold.LastErrorJson = Json(element, "error");
        fold.LastErrorEventId = id;
        fold.LastErrorAt = at;
    }

    // The tool use stays in Pending: a person may still look at what was asked. The next pause clears both.
    private static void Answer(SessionFold fold, string? toolUseId, string answerId, DateTimeOffset? at)
    {
        if (toolUseId is not null && fold.Answers.TryAdd(toolUseId, answerId))
        {
            fold.AnsweredAt[toolUseId] = at ?? DateTimeOffset.MaxValue;
        }
    }

    // A tool that needed nobody is forgotten at once, so that a turn of many tools stays small. One that the pause waits on was ended without an
    // answer, by an interrupt (claude-api §3.6).
    private static void Finish(SessionFold fold, string? toolUseId, string resultId, DateTimeOffset? at)
    {
        if (toolUseId is not null && fold.Requires.Contains(toolUseId, StringComparer.Ordinal))
        {
            Answer(fold, toolUseId, resultId, at);
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
