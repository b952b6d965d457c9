using System.Text;
using System.Text.Json;
using ClaudeDrive.Contexts;
using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Tests.Fakes;

/// <summary>Inputs of the planner.</summary>
internal static class Plans
{
    public static readonly ResourceKey Session = ResourceKey.Session("sesn_1");

    public static readonly IReadOnlyDictionary<string, DateTimeOffset?> NothingKnown = new Dictionary<string, DateTimeOffset?>();

    public static DateTimeOffset At(double seconds) => Make.Start.AddSeconds(seconds);

    public static EventRecord Webhook(string id, double? createdAt, bool isDeletion = false, EventSource source = EventSource.Webhook) => new()
    {
        Seq = 1,
        Endpoint = "default",
        Envelope = new WebhookEnvelope
        {
            EventId = id,
            EventType = isDeletion ? "session.deleted" : "session.status_idled",
            Dialect = WebhookDialect.Standard,
            CreatedAt = createdAt is { } at ? At(at) : null,
            Resource = Session,
            IsDeletion = isDeletion,
        },
        ReceivedAt = At(100),
        Source = source,
        State = EventState.Pending,
        Attempts = 0,
        Deliveries = 1,
    };

    public static ResourceLease Lease(params EventRecord[] events) => Lease(Session, events);

    public static ResourceLease Lease(ResourceKey resource, params EventRecord[] events) => new()
    {
        Resource = resource,
        Token = 1,
        ExpiresAt = At(130),
        Lane = WorkLane.Normal,
        Attempts = 0,
        ThroughSeq = 1,
        Events = events,
    };

    public static HydratedResource Fetched(JsonElement json, bool isWhole = true, params JsonElement[] events) => Fetched(Session, json, isWhole, events);

    public static HydratedResource Fetched(ResourceKey resource, JsonElement json, bool isWhole = true, params JsonElement[] events) => new()
    {
        Resource = resource,
        Object = new ApiObject(Encoding.UTF8.GetBytes(json.GetRawText()), "req_1", "org_1", "wrkspc_1"),
        Events = events,
        IsWholeHistory = isWhole,
        RequestIds = ["req_1", "req_2"],
        FetchedAt = At(100),
    };

    /// <summary>The head after a change, as a store would hold it.</summary>
    public static ContextHead Next(ContextChange change) => change.Head;
}
