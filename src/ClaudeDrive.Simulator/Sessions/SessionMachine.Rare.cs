using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Stories;

namespace ClaudeDrive.Simulator.Sessions;

/// <summary>Tool calls, child threads, outcomes, and the end of a session.</summary>
internal sealed partial class SessionMachine
{
    /// <summary>Archives a session that does not run; its webhook waits for <paramref name="after"/>.</summary>
    public void Archive(SessionRecord session, Task? after = null)
    {
        if (session.ArchivedAt is not null)
        {
            return;
        }

        StoryRunner.Discard(session);
        foreach (var call in session.OpenBlockers.ToList())
        {
            call.Closed = true;
        }

        SetStatus(session, "terminated", null);
        session.ArchivedAt = session.UpdatedAt;
        session.Primary.Status = "terminated";
        Append(session, "session.status_terminated", []);
        world.EmitSession(session, "session.status_terminated", after: after);
    }

    /// <summary>Deletes a session that does not run.</summary>
    public void Delete(SessionRecord session)
    {
        StoryRunner.Discard(session);
        var last = NewEvent(session, "session.deleted", [], queued: false);
        session.Deleted = true;
        foreach (var stream in session.Streams.Concat(session.Threads.SelectMany(thread => thread.Streams)))
        {
            stream.Send(last.Type, last.Json);
            stream.Close();
        }

        world.EmitSession(session, "session.deleted", ended: () => session.Gone.TrySetResult());
        world.Report("session_deleted", session.Id, name: session.Scenario.Name);
    }

    /// <summary>Archives a child thread.</summary>
    public void CloseThread(SessionRecord session, ThreadRecord thread)
    {
        foreach (var call in session.OpenBlockers.Where(call => call.ThreadId == thread.Id).ToList())
        {
            call.Closed = true;
        }

        thread.Status = "terminated";
        Lifecycle(session, thread, "session.thread_status_terminated", []);
        thread.ArchivedAt = thread.UpdatedAt;
        world.EmitSession(session, "session.thread_terminated", threadId: thread.Id);
    }

    /// <summary>
    /// Ends the present turn, or with <paramref name="threadId"/> that of one child: its open calls are closed with error results, then a normal idle follows.
    /// </summary>
    public void Interrupt(SessionRecord session, string? threadId)
    {
        var whole = threadId is null || threadId == session.Primary.Id;
        if (whole)
        {
            StoryRunner.Discard(session);
        }

        var closed = session.OpenBlockers.Where(call => whole || call.ThreadId == threadId).ToList();
        foreach (var call in closed)
        {
            call.Closed = true;
            Apply(session, TurnSteps.ResultOf(_ => call.Id, "interrupted by the user", isError: true, call.Type == "agent.mcp_tool_use"));
        }

        var working = session.Threads.Where(thread => thread.ParentId is not null && (whole || thread.Id == threadId)
            && (thread.Status == "running" || closed.Exists(call => call.ThreadId == thread.Id))).ToList();
        foreach (var thread in working)
        {
            RestThread(session, thread);
        }

        var moving = session.Status is "running" or "rescheduling";
        if (whole)
        {
            foreach (var call in session.ToolCalls.Values)
            {
                call.Consumed = true;
            }
        }

        if ((whole && moving) || (!moving && closed.Count > 0))
        {
            Rest(session, new StoryStep.Rest("end_turn"));
        }
    }

    private void ApplyRare(SessionRecord session, StoryStep step)
    {
        switch (step)
        {
            case StoryStep.OpenThread open:
                OpenThread(session, open);
                break;
            case StoryStep.RunThread run:
                var started = Thread(session, run.Label);
                started.Status = "running";
                Lifecycle(session, started, "session.thread_status_running", []);
                break;
            case StoryStep.RestThread rest:
                RestThread(session, Thread(session, rest.Label));
                break;
            case StoryStep.CloseThread close:
                CloseThread(session, Thread(session, close.Label));
                break;
            case StoryStep.DefineOutcome outcome:
                DefineOutcome(session, outcome.Description, outcome.MaxIterations, new JsonObject { ["type"] = "text", ["content"] = "All chapters." });
                break;
            case StoryStep.Grade grade:
                Grade(session, grade);
                break;
            case StoryStep.Archive archive:
                var keep = session.Steps.ToList();
                Archive(session, archive.HoldDelivery ? session.Gone.Task : null);
                world.Runner.Add(session, keep);
                break;
            case StoryStep.Delete:
                Delete(session);
                break;
            default:
                throw new InvalidOperationException("No transition for step " + step.GetType().Name + ".");
        }
    }

    private StoredEvent AppendTo(SessionRecord session, string? threadLabel, string type, JsonObject fields)
    {
        if (threadLabel is null)
        {
            return Append(session, type, fields);
        }

        var thread = Thread(session, threadLabel);
        var stored = NewEvent(session, type, fields, queued: false);
        thread.Events.Add(stored);
        thread.UpdatedAt = session.UpdatedAt;
        Publish(thread.Streams, stored);
        return stored;
    }

    private void CallTool(SessionRecord session, StoryStep.Call call)
    {
        var thread = call.Thread is null ? null : Thread(session, call.Thread);
        var type = call.Kind == BlockerKind.CustomTool ? "agent.custom_tool_use" : call.Server is null ? "agent.tool_use" : "agent.mcp_tool_use";
        var stored = CrossPost(session, thread, type, ToolFields(call, thread?.Id));
        Label(session, call.Label, stored);
        session.ToolCalls[stored.Id] = new ToolCall { Id = stored.Id, Type = type, Name = call.Name, Kind = call.Kind, ThreadId = thread?.Id };
    }

    private static JsonObject ToolFields(StoryStep.Call call, string? threadId)
    {
        var fields = new JsonObject();
        if (call.Server is not null)
        {
            fields["mcp_server_name"] = call.Server;
        }

        fields["name"] = call.Name;
        fields["input"] = call.Input.DeepClone();
        if (call.Kind is BlockerKind.Permission or BlockerKind.None)
        {
            var ask = call.Kind == BlockerKind.Permission;
            fields["evaluated_permission"] = ask ? "ask" : "allow";
            fields["evaluation"] = new JsonObject { ["type"] = ask ? "always_ask" : "always_allow" };
        }

        if (threadId is not null)
        {
            fields["session_thread_id"] = threadId;
        }

        return fields;
    }

    private void OpenThread(SessionRecord session, StoryStep.OpenThread open)
    {
        var thread = world.Sessions.NewThread(session, open.AgentName);
        session.Labels[open.Label] = thread.Id;
        Lifecycle(session, thread, "session.thread_created", new JsonObject { ["workflow_run_id"] = null });
        Append(session, "agent.thread_message_sent", new JsonObject
        {
            ["to_session_thread_id"] = thread.Id,
            ["to_agent_name"] = open.AgentName,
            ["content"] = WireJson.TextContent("Please do your part."),
        });
        world.EmitSession(session, "session.thread_created", threadId: thread.Id);
    }

    private void RestThread(SessionRecord session, ThreadRecord thread)
    {
        var open = session.OpenBlockers.Where(call => call.ThreadId == thread.Id).Select(call => call.Id).ToList();
        thread.Status = "idle";
        thread.HasWorked = true;
        var reason = new JsonObject { ["type"] = open.Count > 0 ? "requires_action" : "end_turn" };
        if (open.Count > 0)
        {
            reason["event_ids"] = WireJson.Strings(open);
        }

        Lifecycle(session, thread, "session.thread_status_idle", new JsonObject { ["stop_reason"] = reason, ["stop_details"] = null });
        world.EmitSession(session, "session.thread_idled", threadId: thread.Id);
    }

    private void Lifecycle(SessionRecord session, ThreadRecord thread, string type, JsonObject fields)
    {
        fields["session_thread_id"] = thread.Id;
        fields["agent_name"] = thread.AgentName;
        CrossPost(session, thread, type, fields);
    }

    /// <summary>One event in the list of the child and of the primary thread, under one id.</summary>
    private StoredEvent CrossPost(SessionRecord session, ThreadRecord? thread, string type, JsonObject fields)
    {
        var stored = Append(session, type, fields);
        if (thread is not null && thread.ParentId is not null)
        {
            thread.Events.Add(stored);
            thread.UpdatedAt = session.UpdatedAt;
            Publish(thread.Streams, stored);
        }

        return stored;
    }

    private static ThreadRecord Thread(SessionRecord session, string label) =>
        session.Threads.First(thread => thread.Id == session.Labels[label]);
}
