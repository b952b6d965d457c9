using System.Text;
using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Contexts;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Nodes;
using ClaudeDrive.Review;
using ClaudeDrive.Storage;
using ClaudeDrive.Storage.InMemory;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Tests.Fakes;

/// <summary>The engine over the in-memory store and a fake Claude, under a clock that a test moves.</summary>
internal sealed class EngineRig : IAsyncDisposable
{
    private readonly ReadBudget _budget;

    public EngineRig(Func<IDriveStore, IDriveStore>? wrap = null)
        : this(wrap, null)
    {
    }

    /// <summary>Over another API than <see cref="Claude"/>.</summary>
    public EngineRig(Func<SentRequest, HttpResponseMessage> answer)
        : this(null, new ScriptedTransport(answer))
    {
    }

    private EngineRig(Func<IDriveStore, IDriveStore>? wrap, ScriptedTransport? transport)
    {
        Claude = new FakeClaude(Time);
        _budget = Make.Budget(1200, Time);
        Api = Make.Api(transport ?? Claude.Transport, Time, Metrics, _budget);
        Inner = new InMemoryDriveStore(Time, Coalescing.Default);
        Store = wrap?.Invoke(Inner) ?? Inner;
        var gate = new StoreGate();
        gate.Open();
        Context = new WorkerContext(Options, Time, new Jitter(1), Metrics, gate, new Duties(Store, NodeIdentity.Create(NodeRoles.All, Time)));
    }

    public FakeTimeProvider Time { get; } = Make.Time();

    public HydrationOptions Options { get; } = Make.Options();

    public ClaudeDriveMetrics Metrics { get; } = Make.Metrics();

    public FakeClaude Claude { get; }

    public ClaudeApi Api { get; }

    public InMemoryDriveStore Inner { get; }

    public IDriveStore Store { get; }

    public WorkerContext Context { get; }

    public ChangeSignal Signal { get; } = new();

    public FakeLogCollector Logs { get; } = new();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public HydrationWorker Hydration() =>
        new(Store, Store, new ResourceFetcher(Api, Store, Time), Signal, Context, new FakeLogger<HydrationWorker>(Logs));

    public SendWorker Sender() => new(Store, Store, Api, Context, new FakeLogger<SendWorker>(Logs));

    public SessionSweep Sweep(TimeSpan? interval = null) =>
        new(Store, Store, Api, Context, interval ?? TimeSpan.FromMinutes(5), new FakeLogger<SessionSweep>(Logs));

    public Task<bool> ArriveAsync(string eventId, string sessionId = "sesn_1", bool isDeletion = false) => ArriveAsync(new WebhookEnvelope
    {
        EventId = eventId,
        EventType = isDeletion ? "session.deleted" : "session.status_idled",
        Dialect = WebhookDialect.Standard,
        CreatedAt = Time.GetUtcNow(),
        Resource = ResourceKey.Session(sessionId),
        SessionId = sessionId,
        IsDeletion = isDeletion,
        Lane = WorkLane.Waiting,
    });

    public async Task<bool> ArriveAsync(WebhookEnvelope envelope) => await Store.StoreAsync(
        new InboxArrival { Endpoint = "default", Envelope = envelope, Body = Encoding.UTF8.GetBytes("{}"), ReceivedAt = Time.GetUtcNow() }, Token);

    /// <summary>Looks at whatever is due until nothing is, moving the clock past cooling.</summary>
    public async Task SettleAsync()
    {
        for (var pass = 0; pass < 50; pass++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(200));
            using var worker = Hydration();
            if (await worker.RunOnceAsync(Token) == 0)
            {
                return;
            }
        }

        Assert.Fail("Looking never ends.");
    }

    public async Task<int> SendOnceAsync()
    {
        using var worker = Sender();
        return await worker.RunOnceAsync(Token);
    }

    /// <summary>Waits for work that itself waits for the clock: moves the clock until it is done.</summary>
    public async Task DriveAsync(Task work)
    {
        while (!SpinWait.SpinUntil(() => work.IsCompleted, TimeSpan.FromMilliseconds(10)))
        {
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        await work;
    }

    /// <summary>A session that waits on a tool, seen, and its item.</summary>
    public async Task<ReviewItem> PausedAsync(params string[] tools)
    {
        Claude.Session().Run();
        Time.Advance(TimeSpan.FromSeconds(1));
        Claude.Session().Pause(tools.Length == 0 ? ["sevt_A"] : tools);
        await ArriveAsync($"wevt_{Time.GetUtcNow().Ticks}");
        await SettleAsync();
        return (await Store.ListReviewsAsync(Sight.Everything, new ReviewFilter { State = ReviewState.Open }, new PageRequest(50), Token)).Items[^1];
    }

    public async Task<ReviewItem> AnswerAsync(ReviewItem item, string json = """{"type":"result","content":"approved"}""")
    {
        var result = await Store.AnswerReviewAsync(Given.By("dana"), item.ReviewId, new ReviewAnswer(json), Token);
        Assert.Null(result.Refusal);
        return result.Item!;
    }

    public async Task<ReviewItem> ItemAsync(string reviewId = "rev_1") => (await Store.FindReviewAsync(Sight.Everything, reviewId, Token))!;

    public async Task<EventRecord> EventAsync(string eventId) => (await Store.FindEventAsync(Sight.Everything, null, eventId, Token))!.Value.Event;

    public async Task<ContextHead?> HeadAsync(string sessionId = "sesn_1") => await Store.FindHeadAsync(Sight.Everything, ResourceKey.Session(sessionId), Token);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Api.Dispose();
        _budget.Dispose();
    }
}
