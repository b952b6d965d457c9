using ClaudeDrive.Contexts;

namespace ClaudeDrive.Tests.Fakes.Stories;

/// <content>Pauses, and how they end.</content>
internal sealed partial class StoryWriter
{
    private void Pause()
    {
        List<(string Id, string Kind, string Tool, string? Thread)> asked = [];
        for (var number = 0; number <= _step.Choice % 3; number++)
        {
            var thread = (_step.Choice >> number) % 2 == 0 ? null : FormattableString.Invariant($"sthr_{number}");
            asked.Add(((_step.Choice + number) % 4) switch
            {
                0 => (Append((id, at) => Events.CustomTool(id, at!.Value, thread)), BlockerKinds.CustomTool, "approve", thread),
                1 => (Append((id, at) => Events.McpTool(id, at!.Value, thread)), BlockerKinds.ToolPermission, "delete_contact", thread),
                2 => (Append((id, at) => Events.Tool(id, at!.Value, "ask", thread)), BlockerKinds.ToolPermission, "bash", thread),
                _ => (Append((id, at) => Events.Tool(id, at!.Value, null, thread)), BlockerKinds.SelfHostedTool, "bash", thread),
            });
        }

        // An answer may be sent as soon as the tool use is there, before the session stops for it.
        if (asked.Count > 1 && _step.Choice >= 80)
        {
            Result(asked[0].Id, asked[0].Kind);
            asked.RemoveAt(0);
        }

        var at = Rest("requires_action", [.. asked.Select(static tool => tool.Id)]);
        foreach (var (id, kind, tool, thread) in asked)
        {
            var wait = new StoryWait(id, kind, tool, at);
            _waits.Add(wait);
            _open.Add(new OpenTool(id, wait, thread));
        }

        SetTriage();
    }

    /// <summary>One of the open tools is answered; what is left is listed by another idle, or the session goes on.</summary>
    private void Answer(bool andRun)
    {
        var tool = _open[_step.Choice % _open.Count];
        _open.Remove(tool);
        Result(tool.Id, tool.Wait.Kind);
        tool.Wait.Until = _now;
        if (_open.Count == 0)
        {
            GoOn();
            return;
        }

        // The session is running while any of its threads is (claude-api §3.7), those that wait notwithstanding.
        if (andRun && _open.TrueForAll(other => other.Thread != tool.Thread))
        {
            GoOn();
            _now += 40 * _step.Choice;
        }

        Rest("requires_action", [.. _open.Select(static other => other.Id)]);
        SetTriage();
    }

    private void Interrupt()
    {
        Append(static (id, at) => Events.Event(id, "user.interrupt", at));
        foreach (var tool in _open)
        {
            Append((id, at) => Events.ToolResult(id, at!.Value, tool.Id));
            tool.Wait.Until = _now;
        }

        _open.Clear();
        Idle("end_turn", Triages.Finished, null);
    }

    private void Result(string tool, string kind) => Append((id, at) => kind switch
    {
        BlockerKinds.CustomTool => Events.CustomResult(id, at, tool),
        BlockerKinds.ToolPermission => Events.Confirmation(id, at, tool),
        _ => Events.Event(id, "user.tool_result", at, $"\"tool_use_id\":\"{tool}\""),
    });

    private void Idle(string reason, string triage, string? kind)
    {
        var at = Rest(reason);
        _triage = triage;
        if (kind is not null)
        {
            _waits.Add(new StoryWait(_events[^1].Id, kind, null, at));
        }
    }

    private long Rest(string reason, params string[] requires)
    {
        Append((id, at) => Events.Idle(id, at!.Value, reason, requires));
        SetStatus(ContextTransitions.Idle, reason == "end_turn" && _step.Choice % 4 == 0 ? "session.status_completed" : "session.status_idled");
        return _now;
    }

    private void SetTriage() =>
        _triage = _open.TrueForAll(static tool => tool.Wait.Kind == BlockerKinds.ToolPermission) ? Triages.NeedsPermission : Triages.NeedsAnswer;
}
