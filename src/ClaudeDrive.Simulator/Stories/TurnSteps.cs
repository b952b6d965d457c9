using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Sessions;

namespace ClaudeDrive.Simulator.Stories;

/// <summary>Building blocks of turns.</summary>
internal static class TurnSteps
{
    /// <summary>Usual cost of one model request, minor units of USD.</summary>
    public const long UsualCost = 40;

    /// <summary>User message and start of the run.</summary>
    public static IEnumerable<StoryStep> Begin(string text) => [new StoryStep.Say(text), new StoryStep.Run { Delay = TimeSpan.Zero }];

    /// <summary>A model request around <paramref name="inner"/>; costs <paramref name="cost"/>.</summary>
    public static IEnumerable<StoryStep> Model(string label, IEnumerable<StoryStep> inner, long cost = UsualCost) =>
    [
        new StoryStep.Append("span.model_request_start", _ => [], label),
        new StoryStep.Append("agent.thinking", _ => []),
        .. inner,
        new StoryStep.Append("span.model_request_end", session => new JsonObject
        {
            ["model_request_start_id"] = session.Labels[label],
            ["is_error"] = false,
            ["model_usage"] = ModelUsage(),
        })
        { Delay = TimeSpan.Zero },
        new StoryStep.Spend(1200, 340, cost) { Delay = TimeSpan.Zero },
    ];

    /// <summary>A message of the agent.</summary>
    public static StoryStep Message(string text, string? thread = null) =>
        new StoryStep.Append("agent.message", _ => new JsonObject { ["content"] = WireJson.TextContent(text) }, Thread: thread);

    /// <summary>The result of the call under <paramref name="label"/>.</summary>
    public static StoryStep Result(string label, string text, bool isError = false, bool mcp = false, string? thread = null) =>
        ResultOf(session => session.Labels[label], text, isError, mcp, thread);

    /// <summary>The result of the call with a known id.</summary>
    public static StoryStep ResultOf(Func<SessionRecord, string> id, string text, bool isError, bool mcp, string? thread = null) =>
        new StoryStep.Append(mcp ? "agent.mcp_tool_result" : "agent.tool_result", session => new JsonObject
        {
            [mcp ? "mcp_tool_use_id" : "tool_use_id"] = id(session),
            ["content"] = WireJson.TextContent(text),
            ["is_error"] = isError,
        }, Thread: thread);

    /// <summary>A transient or final error.</summary>
    public static StoryStep Error(string type, string message, string retry) =>
        new StoryStep.Append("session.error", _ => new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["type"] = type,
                ["message"] = message,
                ["retry_status"] = new JsonObject { ["type"] = retry },
            },
        });

    /// <summary>The end of a turn.</summary>
    public static StoryStep End(string reason = "end_turn") => new StoryStep.Rest(reason);

    /// <summary>Usage of one model request as spans carry it.</summary>
    public static JsonObject ModelUsage() => new()
    {
        ["input_tokens"] = 1200,
        ["output_tokens"] = 340,
        ["cache_creation_input_tokens"] = 0,
        ["cache_read_input_tokens"] = 0,
    };
}
