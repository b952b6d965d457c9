using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Resources;
using ClaudeDrive.Simulator.Sessions;
using ClaudeDrive.Simulator.Stories;

namespace ClaudeDrive.Simulator.Api;

/// <summary><c>POST /v1/sessions</c>.</summary>
internal static class SessionCreation
{
    /// <summary>Metadata key that chooses the scenario a client's session plays.</summary>
    public const string ScenarioKey = "scenario";

    private const int MaxInitialEvents = 50;

    public static ApiAnswer Create(SimulatorWorld world, ApiRequest request)
    {
        var body = request.Body;
        var (agent, problem) = FindAgent(world, body["agent"]);
        if (agent is null)
        {
            return problem!;
        }

        if (body.Text("environment_id") is not { } environment || world.Resources.Find(ResourceKind.Environment, environment) is null)
        {
            return ApiAnswer.NotFound("Environment", "environment_not_found");
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (MetadataRules.Apply(metadata, body["metadata"]) is { } badMetadata)
        {
            return ApiAnswer.Invalid(badMetadata);
        }

        if (!BudgetRules.TryRead(body["budget"], out var budget))
        {
            return ApiAnswer.Invalid("budget: must be {type:\"limit\",max_list_cost:{amount,currency:\"USD\"}} with a positive whole amount");
        }

        var initial = (body["initial_events"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        if (initial.Count > MaxInitialEvents || initial.Exists(item => item.Text("type") is not ("user.message" or "user.define_outcome")))
        {
            return ApiAnswer.Invalid("initial_events: at most 50, only user.message and user.define_outcome");
        }

        var scenario = ScenarioBook.Find(metadata.GetValueOrDefault(ScenarioKey) ?? ScenarioBook.Default) ?? ScenarioBook.Find(ScenarioBook.Default)!;
        var verdict = initial.Count == 0 ? null : SendRules.Decide(SendFacts.Fresh, initial);
        if (verdict?.Problem is { } bad)
        {
            return ApiAnswer.Invalid(bad);
        }

        var session = world.Sessions.Create("api", scenario, new NewSession
        {
            Agent = agent,
            EnvironmentId = environment,
            Title = body.Text("title"),
            Budget = budget,
            Metadata = metadata,
            Resources = SessionAttachments.Render(world, body["resources"] as JsonArray ?? []),
            VaultIds = body["vault_ids"]?.DeepClone() as JsonArray ?? [],
        });
        if (verdict is not null)
        {
            SendExecution.Store(world, session, verdict.Accepted);
        }

        return ApiAnswer.Ok(SessionJson.Render(session));
    }

    private static (JsonObject? Agent, ApiAnswer? Problem) FindAgent(SimulatorWorld world, JsonNode? node)
    {
        var id = node is JsonObject reference ? reference.Text("id") : (node as JsonValue)?.TryGetValue<string>(out var text) == true ? text : null;
        if (id is null)
        {
            return (null, ApiAnswer.Invalid("agent: must be an agent id or {type,id,version}"));
        }

        if (world.Resources.Find(ResourceKind.Agent, id) is not { } record)
        {
            return (null, ApiAnswer.NotFound("Agent"));
        }

        var version = (node as JsonObject)?.Number("version");
        var body = version is null || version == record.Body.Number("version") ? record.Body : record.Versions.GetValueOrDefault((long)version.Value);
        return body is null ? (null, ApiAnswer.NotFound("Agent version")) : (body, null);
    }
}
