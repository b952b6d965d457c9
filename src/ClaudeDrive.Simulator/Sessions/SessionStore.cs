using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Resources;
using ClaudeDrive.Simulator.Stories;

namespace ClaudeDrive.Simulator.Sessions;

/// <summary>All sessions, deleted ones included. Guarded by the world's lock.</summary>
internal sealed class SessionStore(SimulatorWorld world)
{
    private readonly List<SessionRecord> _all = [];
    private readonly Dictionary<string, SessionRecord> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _perOrigin = new(StringComparer.Ordinal);
    private DateTimeOffset? _lastCreated;

    /// <summary>Every session in order of creation.</summary>
    public IReadOnlyList<SessionRecord> All => _all;

    /// <summary>The session the API still shows, or <see langword="null"/>.</summary>
    public SessionRecord? Find(string id) => _byId.GetValueOrDefault(id) is { Deleted: false } session ? session : null;

    /// <summary>
    /// Creates an idle session. Ids are counted per <paramref name="origin"/> (<c>story</c>, <c>sim</c>, <c>api</c>), so that sessions made by a client
    /// do not shift those of the story.
    /// </summary>
    public SessionRecord Create(string origin, Scenario scenario, NewSession draft)
    {
        var number = _perOrigin[origin] = _perOrigin.GetValueOrDefault(origin) + 1;
        var at = WireTime.After(world.Now, _lastCreated);
        _lastCreated = at;
        var session = new SessionRecord
        {
            Id = world.Source.NewId("sesn", origin, number),
            Ordinal = _all.Count + 1,
            Scenario = scenario,
            Agent = ResourceJson.SessionAgent(draft.Agent),
            EnvironmentId = draft.EnvironmentId,
            Title = draft.Title,
            Budget = draft.Budget,
            HadBudget = draft.Budget is not null,
            Resources = draft.Resources,
            VaultIds = draft.VaultIds,
            DeploymentId = draft.DeploymentId,
            CreatedAt = at,
            UpdatedAt = at,
        };
        foreach (var (name, value) in draft.Metadata)
        {
            session.Metadata[name] = value;
        }

        _all.Add(session);
        _byId[session.Id] = session;
        NewThread(session, session.Agent.Text("name")!);
        world.Report("session_created", session.Id, name: scenario.Name, detail: session.Title);
        return session;
    }

    /// <summary>Creates a session that plays <paramref name="scenario"/> by itself.</summary>
    public SessionRecord CreateFromScenario(
        string origin, Scenario scenario, string? title, IReadOnlyDictionary<string, string>? metadata, string? deploymentId = null)
    {
        var session = Create(origin, scenario, new NewSession
        {
            Agent = world.Resources.DefaultAgent,
            EnvironmentId = world.Resources.DefaultEnvironment(scenario.SelfHosted),
            Title = title ?? scenario.Title,
            Budget = scenario.Budget,
            DeploymentId = deploymentId,
            Metadata = metadata ?? new Dictionary<string, string>(StringComparer.Ordinal) { ["scenario"] = scenario.Name },
        });
        world.Runner.Add(session, scenario.FirstTurn(world.Source, session.Id));
        return session;
    }

    /// <summary>Adds a thread: the first one is primary, later ones are its children.</summary>
    public ThreadRecord NewThread(SessionRecord session, string agentName)
    {
        var agent = session.Threads.Count == 0 ? session.Agent.DeepClone().AsObject() : ResourceJson.InlineAgent(agentName);
        agent.Remove("multiagent");
        var at = WireTime.After(world.Now, session.UpdatedAt);
        var thread = new ThreadRecord
        {
            Id = world.Source.NewId("sthr", session.Id, session.Counters.NextThread()),
            SessionId = session.Id,
            ParentId = session.Threads.Count == 0 ? null : session.Primary.Id,
            AgentName = agentName,
            Agent = agent,
            CreatedAt = at,
            UpdatedAt = at,
        };
        session.Threads.Add(thread);
        return thread;
    }
}
