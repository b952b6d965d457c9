using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Faults;
using ClaudeDrive.Simulator.Stories;

namespace ClaudeDrive.Simulator.Sessions;

/// <summary>Every transition of a session. All methods are called under the world's lock.</summary>
internal sealed partial class SessionMachine(SimulatorWorld world)
{
    /// <summary>Carries out one step of the story.</summary>
    public void Apply(SessionRecord session, StoryStep step)
    {
        switch (step)
        {
            case StoryStep.Append append:
                Label(session, append.Label, AppendTo(session, append.Thread, append.Type, append.Fields(session)));
                break;
            case StoryStep.Call call:
                CallTool(session, call);
                break;
            case StoryStep.Say say:
                Append(session, "user.message", new JsonObject { ["content"] = WireJson.TextContent(say.Text) });
                break;
            case StoryStep.Run:
                Run(session);
                break;
            case StoryStep.Rest rest:
                Rest(session, rest);
                break;
            case StoryStep.Reschedule:
                SetStatus(session, "rescheduling", null);
                Append(session, "session.status_rescheduled", []);
                world.EmitSession(session, "session.status_rescheduled");
                break;
            case StoryStep.Spend spend:
                session.Usage.Add(spend.Input, spend.Output, spend.Cost);
                Touch(session);
                break;
            default:
                ApplyRare(session, step);
                break;
        }
    }

    /// <summary>Appends one event to the primary thread, later than every earlier one.</summary>
    public StoredEvent Append(SessionRecord session, string type, JsonObject fields, bool queued = false)
    {
        var stored = NewEvent(session, type, fields, queued);
        session.Events.Add(stored);
        Publish(session.Streams, stored);
        Publish(session.Primary.Streams, stored);
        return stored;
    }

    /// <summary>Takes a queued event up now.</summary>
    public void Process(SessionRecord session, StoredEvent stored)
    {
        if (stored.ProcessedAt is null)
        {
            stored.Process(Tick(session));
            Publish(session.Streams, stored);
            Publish(session.Primary.Streams, stored);
        }
    }

    /// <summary>Starts the run, unless it runs already.</summary>
    public void Run(SessionRecord session)
    {
        if (session.Status == "running")
        {
            return;
        }

        SetStatus(session, "running", null);
        session.Primary.Status = "running";
        Append(session, "session.status_running", []);
        world.EmitSession(session, "session.status_run_started");
    }

    /// <summary>Goes idle. Open blockers outrank a used-up budget, and that outranks the step's own reason.</summary>
    public void Rest(SessionRecord session, StoryStep.Rest rest)
    {
        if (!session.OpenBlockers.Any() && session.ToolCalls.Values.Any(call => call.Answer is not null && !call.Consumed))
        {
            Resume(session);
            return;
        }

        var blocked = session.OpenBlockers.Any();
        var capped = !blocked && rest.Reason == "end_turn" && session.Budget is { } cap && session.Usage.Cost >= cap;
        var reason = blocked ? "requires_action" : capped ? "budget_reached" : rest.Reason;
        StartLag(session);
        Append(session, "session.usage", new JsonObject { ["usage"] = session.Usage.Render(), ["budget"] = SessionUsage.Limit(session.Budget) });
        SetStatus(session, "idle", reason);
        session.Primary.Status = "idle";
        session.Primary.HasWorked = true;
        Append(session, "session.status_idle", new JsonObject { ["stop_reason"] = StopReason(session, reason), ["stop_details"] = rest.Details?.DeepClone() });
        if (capped)
        {
            world.EmitSession(session, "session.budget_reached");
        }

        world.EmitSession(session, "session.status_idled", reason);
        world.Report("session_idle", session.Id, name: session.Scenario.Name, detail: reason);
        TakeUpQueued(session);
    }

    /// <summary>Continues after all blockers were answered.</summary>
    public void Resume(SessionRecord session)
    {
        var steps = Continuations.AfterAnswers(session);
        foreach (var call in session.ToolCalls.Values.Where(call => call.Answer is not null))
        {
            call.Consumed = true;
        }

        Start(session, steps);
    }

    /// <summary>Runs at once and then plays <paramref name="steps"/>.</summary>
    public void Start(SessionRecord session, IEnumerable<StoryStep> steps)
    {
        Run(session);
        world.Runner.Add(session, steps);
    }

    /// <summary>Marks the session as changed now.</summary>
    public void Touch(SessionRecord session)
    {
        session.UpdatedAt = WireTime.After(world.Now, session.UpdatedAt);
        session.Primary.UpdatedAt = session.UpdatedAt;
    }

    private void TakeUpQueued(SessionRecord session)
    {
        if (session.StopReason is "requires_action" or "budget_reached" || session.Queued.Count == 0)
        {
            return;
        }

        while (session.Queued.TryDequeue(out var queued))
        {
            Process(session, queued);
        }

        Start(session, Continuations.AfterMessage([], hasRun: true));
    }

    private void StartLag(SessionRecord session)
    {
        if (world.Faults.Hits(FaultName.StatusLag, session.Id, session.Events.Count))
        {
            session.Lag = (SessionJson.Render(session).ToJsonString(WireJson.Options), session.Status, world.Now + world.Options.StatusLag);
            world.Report("fault", session.Id, name: FaultName.StatusLag);
        }
    }

    private static JsonObject StopReason(SessionRecord session, string reason)
    {
        var node = new JsonObject { ["type"] = reason };
        if (reason == "requires_action")
        {
            node["event_ids"] = WireJson.Strings(session.OpenBlockers.Select(call => call.Id));
        }

        return node;
    }

    private void SetStatus(SessionRecord session, string status, string? stopReason)
    {
        session.Status = status;
        session.StopReason = stopReason;
        Touch(session);
    }

    private StoredEvent NewEvent(SessionRecord session, string type, JsonObject fields, bool queued)
    {
        var number = session.Counters.NextEvent();
        var id = world.Source.NewId("sevt", session.Id, number);
        var at = Tick(session);
        Touch(session);
        return new StoredEvent(id, type, fields, queued ? null : at, number);
    }

    private DateTimeOffset Tick(SessionRecord session)
    {
        var at = WireTime.After(world.Now, session.LastEventAt);
        session.LastEventAt = at;
        return at;
    }

    private static void Publish(List<EventStream> streams, StoredEvent stored)
    {
        foreach (var stream in streams)
        {
            stream.Send(stored.Type, stored.Json);
        }
    }

    private static void Label(SessionRecord session, string? label, StoredEvent stored)
    {
        if (label is not null)
        {
            session.Labels[label] = stored.Id;
        }
    }
}
