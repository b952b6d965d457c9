using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Sessions;

/// <summary>The session object of the API (reference §3.4).</summary>
internal static class SessionJson
{
    /// <summary>The true state as the API shows it.</summary>
    public static JsonObject Render(SessionRecord session) => new()
    {
        ["id"] = session.Id,
        ["type"] = "session",
        ["status"] = session.Status,
        ["title"] = session.Title,
        ["agent"] = session.Agent.DeepClone(),
        ["environment_id"] = session.EnvironmentId,
        ["deployment_id"] = session.DeploymentId,
        ["vault_ids"] = session.VaultIds.DeepClone(),
        ["resources"] = session.Resources.DeepClone(),
        ["metadata"] = RenderMetadata(session.Metadata),
        ["budget"] = SessionUsage.Limit(session.Budget),
        ["outcome_evaluations"] = new JsonArray([.. session.Outcomes.Select(outcome => outcome.DeepClone())]),
        ["stats"] = new JsonObject
        {
            ["active_seconds"] = session.Usage.ActiveSeconds,
            ["duration_seconds"] = Math.Round((session.UpdatedAt - session.CreatedAt).TotalSeconds, 3),
        },
        ["usage"] = session.Usage.Render(),
        ["created_at"] = WireTime.Format(session.CreatedAt),
        ["updated_at"] = WireTime.Format(session.UpdatedAt),
        ["archived_at"] = session.ArchivedAt is { } at ? WireTime.Format(at) : null,
    };

    /// <summary>What a read shows at <paramref name="now"/>: the true state, or the stale one while <c>status_lag</c> acts.</summary>
    public static string Visible(SessionRecord session, DateTimeOffset now) =>
        session.Lag is { } lag && now < lag.Until ? lag.Json : Render(session).ToJsonString(WireJson.Options);

    /// <summary>The status a read shows at <paramref name="now"/>.</summary>
    public static string VisibleStatus(SessionRecord session, DateTimeOffset now) =>
        session.Lag is { } lag && now < lag.Until ? lag.Status : session.Status;

    /// <summary>Metadata as an object.</summary>
    public static JsonObject RenderMetadata(SortedDictionary<string, string> metadata)
    {
        var node = new JsonObject();
        foreach (var (name, value) in metadata)
        {
            node[name] = value;
        }

        return node;
    }
}
