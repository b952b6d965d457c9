using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Sessions;
using ClaudeDrive.Simulator.Stories;

namespace ClaudeDrive.Simulator.Api;

/// <summary><c>POST /v1/sessions/{id}</c>: checks everything first, then changes everything.</summary>
internal static class SessionUpdate
{
    public static ApiAnswer Update(SimulatorWorld world, SessionRecord session, JsonObject body)
    {
        var metadata = new Dictionary<string, string>(session.Metadata, StringComparer.Ordinal);
        var budget = session.Budget;
        var problem = Problem(session, body)
            ?? (body.ContainsKey("metadata") ? MetadataRules.Apply(metadata, body["metadata"]) : null)
            ?? (body.ContainsKey("budget") && !BudgetRules.TryRead(body["budget"], out budget) ? "budget: malformed" : null);
        if (problem is not null)
        {
            return ApiAnswer.Invalid(problem);
        }

        var changed = new JsonObject();
        if (body.ContainsKey("title") && body.Text("title") != session.Title)
        {
            session.Title = body.Text("title");
            changed["title"] = session.Title;
        }

        if (!Same(metadata, session.Metadata))
        {
            session.Metadata.Clear();
            foreach (var (name, value) in metadata)
            {
                session.Metadata[name] = value;
            }

            changed["metadata"] = SessionJson.RenderMetadata(session.Metadata);
        }

        if (budget != session.Budget)
        {
            session.Budget = budget;
            changed["budget"] = SessionUsage.Limit(budget);
        }

        ChangeAgent(session, body["agent"] as JsonObject, changed);
        if (changed.Count > 0)
        {
            Publish(world, session, changed);
        }

        return ApiAnswer.Ok(SessionJson.Render(session));
    }

    private static string? Problem(SessionRecord session, JsonObject body)
    {
        if (session.ArchivedAt is not null)
        {
            return "Archived sessions cannot be updated.";
        }

        if (body.ContainsKey("vault_ids"))
        {
            return "vault_ids: cannot be updated";
        }

        if (body["agent"] is not null && session.Status is "running" or "rescheduling")
        {
            return "agent: cannot be updated while the session is running";
        }

        return body["budget"] is not null && !session.HadBudget ? "budget: cannot be added to a session created without one" : null;
    }

    private static void ChangeAgent(SessionRecord session, JsonObject? agent, JsonObject changed)
    {
        foreach (var name in (string[])["tools", "mcp_servers"])
        {
            if (agent?[name] is JsonArray value)
            {
                session.Agent[name] = value.DeepClone();
                changed["agent"] = session.Agent.DeepClone();
            }
        }
    }

    private static void Publish(SimulatorWorld world, SessionRecord session, JsonObject changed)
    {
        var resumes = changed.ContainsKey("budget") && session.AtCap;
        world.Machine.Append(session, "session.updated", changed);
        world.EmitSession(session, "session.updated");
        if (resumes)
        {
            world.Machine.Start(session, Continuations.AfterBudget());
        }
    }

    private static bool Same(Dictionary<string, string> left, SortedDictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
