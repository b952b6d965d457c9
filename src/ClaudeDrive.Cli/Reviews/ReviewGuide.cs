using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Reviews;

/// <summary>Says why a review waits and which answers fit it, as commands to copy.</summary>
internal static class ReviewGuide
{
    public static string WhyItWaits(JsonElement review)
    {
        var tool = review.Text("tool_name") ?? "a tool";
        return review.Text("kind") switch
        {
            "custom_tool" => $"the agent called the custom tool {tool} and waits for its result",
            "tool_permission" => $"the agent asks whether it may run {tool} with these arguments",
            "self_hosted_tool" => $"the agent called {tool}, which runs on your side, and waits for its result",
            "budget" => "the session has used up its budget and is paused",
            "gave_up" => "the platform gave up after its retries; a message lets the session go on",
            "refusal" => "the model refused; a message lets the session go on",
            var other => other ?? "unknown",
        };
    }

    /// <summary>Complete commands. Each names the arguments' hash, so that an answer never meets other arguments than those shown.</summary>
    public static IEnumerable<(string What, string Command)> Answers(JsonElement review)
    {
        var id = ShellWord.Quote(review.Text("review_id") ?? "REVIEW_ID");
        var hash = review.Text("input_hash") is { Length: > 0 } known ? " --expected-input-hash " + ShellWord.Quote(known) : string.Empty;
        return AnswersFor(review.Text("kind")).Select(answer =>
            (answer.What, $"claudedrive reviews answer {id} {answer.Option}{hash}"));
    }

    private static (string What, string Option)[] AnswersFor(string? kind)
    {
        return kind switch
        {
            "custom_tool" or "self_hosted_tool" =>
            [
                ("give the result", "--result 'TEXT'"),
                ("say it failed", "--result 'WHY' --is-error"),
                ("stop the turn", "--interrupt"),
            ],
            "tool_permission" =>
            [
                ("allow it", "--allow"),
                ("deny it", "--deny 'WHY'"),
                ("stop the turn", "--interrupt"),
            ],
            "budget" => [("raise the budget", "--budget AMOUNT"), ("lift the budget", "--budget none")],
            "gave_up" or "refusal" => [("say how to go on", "--message 'TEXT'")],
            _ => [],
        };
    }
}
