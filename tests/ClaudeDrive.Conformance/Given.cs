using System.Security.Cryptography;
using System.Text;
using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;

namespace ClaudeDrive.Conformance;

/// <summary>Builds arrivals, changes and blockers; a test names only what it is about and alters the rest by <c>with</c>.</summary>
internal static class Given
{
    /// <summary>When every test begins: an instant that needs its microseconds.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, 123, 456, TimeSpan.Zero);

    public const string Endpoint = "default";

    public static readonly DeliveryFacts Facts = new("203.0.113.7", 321, "sec_1", TimeSpan.FromMilliseconds(12));

    /// <summary>Ids that break careless quoting, matching, casing, normalisation or length limits.</summary>
    public static readonly IReadOnlyList<string> StrangeIds =
    [
        "it's", "\"quoted\"", "a''b", "100%", "under_score", "back\\slash", "semi;colon -- comment", "/* c */", "{brace}", "$1", ":name", "@p0", "?",
        " leading and trailing ", "line\nfeed", "tab\tbed", "Case", "case", "ünïcödé", "u\u0308", "\u00fc", "日本語", "😀🏳️‍🌈", "\u200b", "\u202e",
        new string('x', 256),
    ];

    /// <summary>An act of somebody who may touch everything, or only what <paramref name="sight"/> shows.</summary>
    public static Deed By(string actor, Sight? sight = null) => new()
    {
        Actor = actor,
        Identity = actor,
        Sight = sight ?? Sight.Everything,
        Node = "node_test",
        RemoteIp = "203.0.113.9",
    };

    public static WebhookEnvelope Envelope(string eventId, string sessionId = "sesn_1") => new()
    {
        EventId = eventId,
        EventType = "session.status_idled",
        Dialect = WebhookDialect.Standard,
        CreatedAt = Start,
        Resource = ResourceKey.Session(sessionId),
        SessionId = sessionId,
        OrganizationId = "org_1",
        WorkspaceId = "wrkspc_1",
    };

    public static InboxArrival Arrival(WebhookEnvelope envelope) => new()
    {
        Endpoint = Endpoint,
        Envelope = envelope,
        Body = Encoding.UTF8.GetBytes($$"""{"id":"{{envelope.EventId}}"}"""),
        ReceivedAt = Start,
        Delivery = Facts,
    };

    public static InboxArrival Arrival(string eventId, string sessionId = "sesn_1") => Arrival(Envelope(eventId, sessionId));

    public static InboxArrival Arrival(string eventId, string sessionId, WorkLane lane) =>
        Arrival(Envelope(eventId, sessionId) with { Lane = lane });

    /// <summary>A body that follows from the event's id: up to some 20 KiB, so that it fills several pages now and then.</summary>
    public static byte[] Body(string eventId)
    {
        var random = new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(eventId))));
        var body = new byte[random.Next(8) == 0 ? random.Next(20_000) : random.Next(600)];
        random.NextBytes(body);
        return body;
    }

    public static Blocker Blocker(string blockingEventId, string tool = "lookup_order", string input = """{"order":7}""") => new()
    {
        BlockingEventId = blockingEventId,
        Kind = BlockerKinds.CustomTool,
        ToolName = tool,
        InputJson = input,
        InputHash = Hash(tool + "\n" + input),
        Since = Start,
    };

    public static SessionEventRecord SessionEvent(string eventId, DateTimeOffset? processedAt, string? json = null) => new()
    {
        EventId = eventId,
        Type = "agent.message",
        ProcessedAt = processedAt,
        Json = Encoding.UTF8.GetBytes(json ?? $$"""{"id":"{{eventId}}"}"""),
    };

    /// <summary>The next revision of a context, well linked.</summary>
    public static ContextChange Change(ResourceKey resource, ContextHead? before, string status = "running", params Blocker[] blockers)
    {
        var number = (before?.Revision ?? 0) + 1;
        var snapshot = Encoding.UTF8.GetBytes($$"""{"status":"{{status}}","number":{{number}}}""");
        var previous = before?.RevisionHash ?? new string('0', 64);
        var snapshotHash = Hash(snapshot);
        var at = Start + TimeSpan.FromSeconds(number);
        var revision = new ContextRevision
        {
            Resource = resource,
            Number = number,
            Cause = "webhook",
            EventIds = ["wevt_a", "wevt_b"],
            RequestIds = ["req_1", "req_2"],
            AsOf = at,
            FetchedAt = at + TimeSpan.FromMilliseconds(1),
            RecordedAt = at + TimeSpan.FromMilliseconds(2),
            Status = status,
            Triage = status == "idle" ? Triages.NeedsAnswer : null,
            Snapshot = snapshot,
            PatchJson = number == 1 ? "[]" : """[{"op":"replace","path":"/number","value":2}]""",
            SnapshotHash = snapshotHash,
            PreviousHash = previous,
            Hash = Hash(previous + snapshotHash),
        };
        return new ContextChange { Head = Head(revision, blockers), BaseRevision = number - 1, Revision = revision };
    }

    public static ContextChange Change(string sessionId, ContextHead? before, string status = "running", params Blocker[] blockers) =>
        Change(ResourceKey.Session(sessionId), before, status, blockers);

    /// <summary>A look that found nothing new.</summary>
    public static ContextChange NoChange(ContextHead before) => new() { Head = before, BaseRevision = before.Revision };

    public static ReviewAnswer Answer(string text = "42") => new($$"""{"type":"result","content":"{{text}}","is_error":false}""", "looked it up");

    public static string Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static ContextHead Head(ContextRevision revision, IReadOnlyList<Blocker> blockers) => new()
    {
        Resource = revision.Resource,
        Revision = revision.Number,
        Status = revision.Status,
        Triage = revision.Triage,
        StopReason = revision.Status == "idle" ? "requires_action" : null,
        Title = "Refund order 7",
        AgentId = "agent_1",
        AgentName = "Refunds",
        WorkspaceId = "wrkspc_1",
        OrganizationId = "org_1",
        MetadataJson = """{"team":"billing"}""",
        Blockers = blockers,
        AsOf = revision.AsOf,
        HydratedAt = revision.FetchedAt,
        Object = Encoding.UTF8.GetBytes($$"""{"id":"{{revision.Resource.Id}}"}"""),
        SnapshotHash = revision.SnapshotHash,
        RevisionHash = revision.Hash,
        FoldJson = "{}",
        EventCursor = revision.AsOf,
    };
}
