using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Control;
using ClaudeDrive.Simulator.Stories;

namespace ClaudeDrive.Simulator.Sessions;

/// <summary>Carries out accepted user events. Called under the world's lock, so a request is stored whole or not at all.</summary>
internal static class SendExecution
{
    private static readonly Dictionary<string, string[]> Fields = new(StringComparer.Ordinal)
    {
        ["user.message"] = ["content"],
        ["user.interrupt"] = ["session_thread_id"],
        ["user.tool_confirmation"] = ["tool_use_id", "result", "deny_message"],
        ["user.custom_tool_result"] = ["custom_tool_use_id", "content", "is_error"],
        ["user.tool_result"] = ["tool_use_id", "content", "is_error"],
        ["system.message"] = ["content"],
    };

    /// <summary>Stores the events, lets the session react, and returns their wire forms as stored on receipt.</summary>
    public static IReadOnlyList<string> Store(SimulatorWorld world, SessionRecord session, IReadOnlyList<JsonObject> events)
    {
        var stored = new List<(JsonObject Item, StoredEvent Event)>();
        var echoes = new List<string>();
        var capped = session.AtCap;
        foreach (var item in events)
        {
            if (item.Text("type") == "user.interrupt" && capped)
            {
                echoes.Add(Ignored(world, session));
                continue;
            }

            var added = Add(world, session, item);
            stored.Add((item, added));
            echoes.Add(added.Json);
            Note(world, session, item, added);
        }

        React(world, session, stored);
        return echoes;
    }

    private static StoredEvent Add(SimulatorWorld world, SessionRecord session, JsonObject item)
    {
        var type = item.Text("type")!;
        if (type == "user.define_outcome")
        {
            return world.Machine.DefineOutcome(
                session, item.Text("description")!, (int)(item.Number("max_iterations") ?? 3), item["rubric"]!.DeepClone().AsObject());
        }

        var fields = new JsonObject();
        foreach (var name in Fields[type].Where(name => item[name] is not null))
        {
            fields[name] = item[name]!.DeepClone();
        }

        var queued = type is "user.message" or "user.interrupt" or "user.tool_confirmation" or "system.message";
        var added = world.Machine.Append(session, type, fields, queued);
        if (SendRules.AnswerTo(item) is { } answered)
        {
            session.ToolCalls[answered].Answer = added;
        }

        return added;
    }

    /// <summary>An interrupt at the budget cap is accepted but never stored.</summary>
    private static string Ignored(SimulatorWorld world, SessionRecord session)
    {
        world.UserEvents.Add(new UserEventEntry(session.Id, null, "user.interrupt", null, null, world.Now));
        var id = world.Source.NewId("sevt", session.Id, session.Counters.NextEvent());
        return new JsonObject { ["id"] = id, ["type"] = "user.interrupt", ["processed_at"] = null }.ToJsonString(WireJson.Options);
    }

    private static void Note(SimulatorWorld world, SessionRecord session, JsonObject item, StoredEvent added)
    {
        world.UserEvents.Add(new UserEventEntry(session.Id, added.Id, added.Type, SendRules.AnswerTo(item), null, world.Now));
        world.Report("user_event", session.Id, added.Id, added.Type, detail: SendRules.AnswerTo(item));
    }

    private static void React(SimulatorWorld world, SessionRecord session, List<(JsonObject Item, StoredEvent Event)> stored)
    {
        var wasBlocked = session.Blocked;
        var answered = stored.Exists(entry => SendRules.AnswerTo(entry.Item) is not null);
        foreach (var (item, added) in stored.Where(entry => entry.Event.Type is "user.interrupt" or "user.tool_confirmation"))
        {
            world.Machine.Process(session, added);
            if (added.Type == "user.interrupt")
            {
                world.Machine.Interrupt(session, item.Text("session_thread_id"));
            }
        }

        if (wasBlocked && answered && session.Blocked)
        {
            world.Machine.Rest(session, new StoryStep.Rest("end_turn"));
        }

        var inputs = stored.Where(entry => entry.Event.Type is "user.message" or "system.message").Select(entry => entry.Event).ToList();
        var starts = inputs.Count > 0 || stored.Exists(entry => entry.Event.Type == "user.define_outcome");
        if (session.Status == "idle" && starts && !session.AtCap)
        {
            StartTurn(world, session, inputs);
        }
        else
        {
            inputs.ForEach(session.Queued.Enqueue);
        }
    }

    private static void StartTurn(SimulatorWorld world, SessionRecord session, List<StoredEvent> inputs)
    {
        var hasRun = session.StopReason is not null;
        foreach (var input in inputs)
        {
            world.Machine.Process(session, input);
        }

        world.Machine.Start(session, Continuations.AfterMessage(session.Scenario.FirstTurn(world.Source, session.Id), hasRun));
    }
}
