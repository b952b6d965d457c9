using ClaudeDrive.Simulator.Sessions;

namespace ClaudeDrive.Simulator.Stories;

/// <summary>What a session does after somebody acted. Pure: reads the record, returns steps.</summary>
internal static class Continuations
{
    /// <summary>All blockers are answered: results appear, children end, the turn ends.</summary>
    public static IReadOnlyList<StoryStep> AfterAnswers(SessionRecord session)
    {
        var answered = session.ToolCalls.Values.Where(call => call.Answer is not null && !call.Consumed).ToList();
        var steps = new List<StoryStep> { new StoryStep.Run { Delay = TimeSpan.Zero } };
        foreach (var call in answered)
        {
            var label = ThreadLabel(session, call.ThreadId);
            if (label is not null)
            {
                steps.Add(new StoryStep.RunThread(label));
            }

            if (call.Kind == BlockerKind.Permission)
            {
                steps.Add(ConfirmationResult(call, label));
            }
        }

        foreach (var label in answered.Select(call => ThreadLabel(session, call.ThreadId)).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            steps.Add(TurnSteps.Message("Done on my side.", label));
            steps.Add(new StoryStep.RestThread(label));
            steps.Add(new StoryStep.CloseThread(label));
        }

        steps.AddRange(TurnSteps.Model("after" + answered[^1].Id, [TurnSteps.Message("Thank you. The work is done.")]));
        steps.Add(TurnSteps.End());
        return steps;
    }

    /// <summary>The budget was raised or removed.</summary>
    public static IReadOnlyList<StoryStep> AfterBudget() =>
    [
        new StoryStep.Run { Delay = TimeSpan.Zero },
        .. TurnSteps.Model("budget", [TurnSteps.Message("Continuing with the rest of the sources. All are read now.")]),
        TurnSteps.End(),
    ];

    /// <summary>A user message starts another turn of the session's scenario, or a plain one when its scenario already ran.</summary>
    public static IReadOnlyList<StoryStep> AfterMessage(IEnumerable<StoryStep> firstTurn, bool hasRun)
    {
        if (!hasRun)
        {
            var steps = firstTurn.ToList();
            var opening = steps.FindIndex(step => step is StoryStep.Say);
            if (opening >= 0)
            {
                steps.RemoveAt(opening);
            }

            return steps;
        }

        return [new StoryStep.Run { Delay = TimeSpan.Zero }, .. TurnSteps.Model("reply", [TurnSteps.Message("Understood.")]), TurnSteps.End()];
    }

    private static StoryStep ConfirmationResult(ToolCall call, string? thread)
    {
        var mcp = call.Type == "agent.mcp_tool_use";
        var denied = call.Answer?.Field("result")?.GetValue<string>() == "deny";
        return TurnSteps.ResultOf(_ => call.Id, denied ? "The user denied this call." : "done", denied, mcp, thread);
    }

    private static string? ThreadLabel(SessionRecord session, string? threadId) =>
        threadId is null ? null : session.Labels.FirstOrDefault(label => label.Value == threadId).Key;
}
