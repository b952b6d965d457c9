using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Sessions;

/// <summary>Which user events a session accepts now (reference §3.6). Pure: facts in, decision out.</summary>
internal static class SendRules
{
    private const int MaxOutcomeIterations = 20;
    private const int MaxRubric = 262_144;

    private static readonly string[] AnswerTypes = ["user.tool_confirmation", "user.custom_tool_result", "user.tool_result"];

    /// <summary>Decides about one request. The events are judged in order; one bad event refuses all.</summary>
    public static SendVerdict Decide(SendFacts facts, IReadOnlyList<JsonObject> events)
    {
        if (facts.Archived)
        {
            return SendVerdict.Refuse("The session is terminated.");
        }

        if (events.Count == 0)
        {
            return SendVerdict.Refuse("events: at least one event is required");
        }

        var answered = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < events.Count; i++)
        {
            var problem = Waiting(facts, events, i) ?? Shape(facts, events, i, answered);
            if (problem is not null)
            {
                return SendVerdict.Refuse(problem);
            }
        }

        return new SendVerdict(events, null);
    }

    /// <summary>The tool-use event an event answers, or <see langword="null"/>.</summary>
    public static string? AnswerTo(JsonObject item) => item.Text("type") switch
    {
        "user.custom_tool_result" => item.Text("custom_tool_use_id"),
        "user.tool_confirmation" or "user.tool_result" => item.Text("tool_use_id"),
        _ => null,
    };

    /// <summary>While blocked or at the cap only answers and interrupts pass, and a system message that trails a tool result.</summary>
    private static string? Waiting(SendFacts facts, IReadOnlyList<JsonObject> events, int index)
    {
        var type = events[index].Text("type");
        if ((!facts.Blocked && !facts.AtCap) || type == "user.interrupt" || AnswerTypes.Contains(type))
        {
            return null;
        }

        if (type == "system.message" && index > 0 && AnswerTypes.Contains(events[index - 1].Text("type")))
        {
            return null;
        }

        return facts.Blocked
            ? $"Invalid {type} event at events[{index}]: waiting on responses to events [{string.Join(", ", facts.Calls.Values.Where(call => call.Open).Select(call => call.Id))}]; "
                + "only user.tool_confirmation, user.custom_tool_result, user.tool_result or user.interrupt may be sent"
            : $"Invalid {type} event at events[{index}]: the session has reached its budget";
    }

    private static string? Shape(SendFacts facts, IReadOnlyList<JsonObject> events, int index, HashSet<string> answered)
    {
        var item = events[index];
        return item.Text("type") switch
        {
            "user.message" => Content(item, index, required: true, "text", "image", "document"),
            "user.interrupt" => Thread(facts, item, index),
            "user.tool_confirmation" => Confirmation(item, index) ?? Answer(facts, item, index, BlockerKind.Permission, "tool_use_id", answered),
            "user.custom_tool_result" => Content(item, index, required: false, "text", "image", "document", "search_result")
                ?? Answer(facts, item, index, BlockerKind.CustomTool, "custom_tool_use_id", answered),
            "user.tool_result" => Content(item, index, required: false, "text", "image", "document", "search_result")
                ?? Answer(facts, item, index, BlockerKind.SelfHostedTool, "tool_use_id", answered),
            "user.define_outcome" => Outcome(item, index),
            "system.message" => System(events, index),
            var other => $"events[{index}]: type '{other}' cannot be sent",
        };
    }

    private static string? Answer(SendFacts facts, JsonObject item, int index, BlockerKind kind, string field, HashSet<string> answered)
    {
        var id = item.Text(field);
        if (id is null || !facts.Calls.TryGetValue(id, out var call) || call.Kind != kind)
        {
            var subject = kind == BlockerKind.CustomTool ? "custom_tool_use" : "tool_use";
            return $"events[{index}]: {field} {id} does not match any {subject} event in this session";
        }

        return call.Open && answered.Add(id) ? null : $"events[{index}]: {field} {id} has already been responded to";
    }

    private static string? Confirmation(JsonObject item, int index)
    {
        if (item.Text("result") is not ("allow" or "deny"))
        {
            return $"events[{index}]: result must be allow or deny";
        }

        return item["deny_message"] is not null && item.Text("result") != "deny" ? $"events[{index}]: deny_message is only allowed with deny" : null;
    }

    private static string? Content(JsonObject item, int index, bool required, params string[] types)
    {
        if (item["content"] is null)
        {
            return required ? $"events[{index}]: content is required" : null;
        }

        if (item["content"] is not JsonArray blocks || (required && blocks.Count == 0))
        {
            return $"events[{index}]: content must be a non-empty array of blocks";
        }

        return blocks.All(block => block is JsonObject node && types.Contains(node.Text("type")) && (node.Text("type") != "text" || node.Text("text") is not null))
            ? null
            : $"events[{index}]: content blocks must be one of {string.Join(", ", types)}";
    }

    private static string? Thread(SendFacts facts, JsonObject item, int index) =>
        item.Text("session_thread_id") is { } id && !facts.Threads.Contains(id) ? $"events[{index}]: unknown session_thread_id" : null;

    private static string? Outcome(JsonObject item, int index)
    {
        var iterations = item.Number("max_iterations") ?? 3;
        var rubric = item["rubric"] as JsonObject;
        var fits = rubric?.Text("type") == "file" ? rubric.Text("file_id") is not null : rubric?.Text("content") is { Length: <= MaxRubric };
        return item.Text("description") is null || !fits || iterations is < 1 or > MaxOutcomeIterations
            ? $"events[{index}]: needs description, rubric and max_iterations of 1 to {MaxOutcomeIterations}"
            : null;
    }

    private static string? System(IReadOnlyList<JsonObject> events, int index)
    {
        if (index == 0 || index != events.Count - 1 || events[index - 1].Text("type") is "user.interrupt" or "user.define_outcome")
        {
            return $"events[{index}]: system.message must be last and directly follow a message or result";
        }

        return Content(events[index], index, required: true, "text");
    }
}
