using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Api;
using ClaudeDrive.Simulator.Resources;
using ClaudeDrive.Simulator.Stories;

namespace ClaudeDrive.Simulator.Control;

/// <summary><c>/_sim/sessions</c> and <c>/_sim/burst</c>.</summary>
internal static class SessionControl
{
    private const int MaxCount = 10_000;

    /// <summary>Starts <c>count</c> sessions of a <c>scenario</c>; <c>mixed</c> or <c>all</c> = one of each, and the other resources.</summary>
    public static ControlAnswer Start(SimulatorWorld world, JsonObject body)
    {
        var count = body.Number("count") ?? 1;
        if (count is < 1 or > MaxCount || count != Math.Floor(count))
        {
            return ControlAnswer.Invalid("count_invalid", $"count: must be a whole number of 1 to {MaxCount}");
        }

        var names = ScenarioPlan.Names(body.Text("scenario") ?? "");
        if (names is null)
        {
            return ControlAnswer.Invalid("scenario_unknown", "scenario: must be one of " + string.Join(", ", ScenarioBook.Names) + ", mixed");
        }

        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        if (MetadataRules.Apply(given, body["metadata"]) is { } problem)
        {
            return ControlAnswer.Invalid("metadata_invalid", problem);
        }

        var started = new JsonArray();
        for (var i = 0; i < (int)count; i++)
        {
            foreach (var name in names)
            {
                var metadata = given.Count == 0 ? null : given;
                var session = world.Sessions.CreateFromScenario("sim", ScenarioBook.Find(name)!, body.Text("title"), metadata);
                started.Add((JsonNode)new JsonObject { ["session_id"] = session.Id, ["scenario"] = name });
            }
        }

        if (names.Count > 1)
        {
            ResourceStory.Play(world);
        }

        return ControlAnswer.Ok(new JsonObject { ["sessions"] = started });
    }

    /// <summary>Emits <c>events</c> webhooks about one session at once, as a storm of updates would.</summary>
    public static ControlAnswer Burst(SimulatorWorld world, JsonObject body)
    {
        var count = body.Number("events") ?? 0;
        if (count is < 1 or > MaxCount || count != Math.Floor(count))
        {
            return ControlAnswer.Invalid("events_invalid", $"events: must be a whole number of 1 to {MaxCount}");
        }

        if (world.Sessions.Find(body.Text("session_id") ?? "") is not { } session)
        {
            return ControlAnswer.Missing("session_not_found", "session_id: no such session");
        }

        var first = world.Webhooks.Count;
        for (var i = 0; i < (int)count; i++)
        {
            world.EmitSession(session, "session.updated");
        }

        return ControlAnswer.Ok(new JsonObject
        {
            ["session_id"] = session.Id,
            ["event_ids"] = WireJson.Strings(world.Webhooks.Skip(first).Select(record => record.EventId)),
        });
    }
}
