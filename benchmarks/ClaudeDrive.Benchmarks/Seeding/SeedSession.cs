using System.Globalization;
using System.Text;
using System.Text.Json;
using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Benchmarks.Seeding;

/// <summary>One synthetic session: the webhooks that told of it, and what the API shows of it. A pure function of plan, index and clock.</summary>
internal sealed class SeedSession
{
    private static readonly string[] Types = ["session.status_run_started", "session.updated", "session.status_idled"];
    private static readonly string[] Teams = ["billing", "support", "legal", "sales", "research", "people", "it", "security", "design", "data"];

    private readonly SeedPlan _plan;
    private readonly int _index;
    private readonly DateTimeOffset _startedAt;
    private readonly int _draw;

    public SeedSession(SeedPlan plan, int index, DateTimeOffset now)
    {
        _plan = plan;
        _index = index;
        _startedAt = now - (plan.Reach * (1 - ((double)index / plan.Sessions)));
        _draw = new Random(HashCode.Combine(plan.Seed, index)).Next();
    }

    /// <summary>The session's id; ids grow with time, as Claude's do.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"sesn_01{_plan.Prefix}{_index:D10}");

    /// <summary>True when it waits for a person in the end.</summary>
    public bool IsWaiting => _plan.WaitingEvery > 0 && _index % _plan.WaitingEvery == 0;

    /// <summary>True when its events end as dead letters.</summary>
    public bool IsDead => _plan.DeadEvery > 0 && _index % _plan.DeadEvery == 1;

    private string Workspace => string.Create(CultureInfo.InvariantCulture, $"wrkspc_seed{_draw % _plan.Workspaces:D3}");

    /// <summary>Its webhooks as they arrive, oldest first.</summary>
    public IEnumerable<InboxArrival> Arrivals()
    {
        var count = _plan.EventsOf(_index);
        for (var number = 0; number < count; number++)
        {
            var at = _startedAt.AddSeconds(number);
            var type = Types[number % Types.Length];
            var eventId = string.Create(CultureInfo.InvariantCulture, $"whe_01{_plan.Prefix}{_index:D10}{number:D5}");
            var body = $$$"""{"type":"event","id":"{{{eventId}}}","created_at":"{{{Time(at)}}}","data":{"type":"{{{type}}}","id":"{{{Id}}}","organization_id":"org_seed","workspace_id":"{{{Workspace}}}"}}""";
            yield return new InboxArrival
            {
                Endpoint = "default",
                Envelope = new WebhookEnvelope
                {
                    EventId = eventId,
                    EventType = type,
                    Dialect = WebhookDialect.Standard,
                    CreatedAt = at,
                    Resource = ResourceKey.Session(Id),
                    SessionId = Id,
                    OrganizationId = "org_seed",
                    WorkspaceId = Workspace,
                    Lane = WorkLane.Waiting,
                },
                Body = Encoding.UTF8.GetBytes(body),
                ReceivedAt = at.AddMilliseconds(40),
                Delivery = new DeliveryFacts("192.0.2.7", body.Length, "sec_seed", TimeSpan.FromMilliseconds(2)),
            };
        }
    }

    /// <summary>What one look at the API brings.</summary>
    public HydratedResource Fetched()
    {
        var json = Encoding.UTF8.GetBytes(Object());
        using var events = JsonDocument.Parse("[" + string.Join(',', History()) + "]");
        return new HydratedResource
        {
            Resource = ResourceKey.Session(Id),
            Object = new ApiObject(json, RequestId(0), "org_seed", Workspace),
            Events = [.. events.RootElement.Clone().EnumerateArray()],
            IsWholeHistory = true,
            RequestIds = [RequestId(0), RequestId(1)],
            FetchedAt = _startedAt.AddSeconds(_plan.EventsOf(_index)),
        };
    }

    private static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private string RequestId(int number) => string.Create(CultureInfo.InvariantCulture, $"req_seed{_index:D10}{number}");

    private string Object()
    {
        var agent = string.Create(CultureInfo.InvariantCulture, $"agent_seed{_draw / 7 % _plan.Agents:D3}");
        var team = Teams[_draw / 11 % Teams.Length];
        var updated = Time(_startedAt.AddSeconds(6));
        return $$$"""
            {"id":"{{{Id}}}","type":"session","status":"idle","title":"Ticket {{{_index}}} of {{{team}}}","agent":{"id":"{{{agent}}}","type":"agent","version":3,"name":"Agent {{{agent}}}"},
            "environment_id":"env_seed","deployment_id":null,"metadata":{"team":"{{{team}}}"},"resources":[],"vault_ids":[],"budget":null,"outcome_evaluations":[],
            "stats":{"active_seconds":5},"usage":{"input_tokens":{{{_draw % 9000}}},"output_tokens":{{{_draw % 700}}}},"created_at":"{{{Time(_startedAt)}}}","updated_at":"{{{updated}}}","archived_at":null}
            """;
    }

    private IEnumerable<string> History()
    {
        yield return Event(0, "user.message", $$""","content":[{"type":"text","text":"Please look at ticket {{_index}}."}]""");
        yield return Event(1, "session.status_running", "");
        yield return Event(2, "agent.message", $$""","content":[{"type":"text","text":"I have looked at ticket {{_index}} and will take the next step."}]""");
        if (IsWaiting)
        {
            yield return Event(3, "agent.custom_tool_use", $$""","name":"approve_refund","input":{"order":"{{_index}}","amount":{{_draw % 500}}}""");
        }

        yield return Event(4, "session.usage", ""","usage":{"input_tokens":1200,"output_tokens":80}""");
        var reason = IsWaiting ? $$"""{"type":"requires_action","event_ids":["{{EventId(3)}}"]}""" : """{"type":"end_turn"}""";
        yield return Event(5, "session.status_idle", $$""","stop_reason":{{reason}},"stop_details":null""");
    }

    private string Event(int number, string type, string rest) =>
        $$"""{"id":"{{EventId(number)}}","type":"{{type}}","processed_at":"{{Time(_startedAt.AddSeconds(number))}}"{{rest}}}""";

    private string EventId(int number) => string.Create(CultureInfo.InvariantCulture, $"sevt_01{_plan.Prefix}{_index:D10}{number:D2}");
}
