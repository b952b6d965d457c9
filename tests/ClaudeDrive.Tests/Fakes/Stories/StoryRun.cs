using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Storage.InMemory;
using Xunit;

namespace ClaudeDrive.Tests.Fakes.Stories;

/// <summary>
/// One story through the engine as it is: webhooks into the inbox as they are delivered, passes of the hydration worker over the official client, the store
/// in memory. Only the clock and what the API shows are made up. <paramref name="isForced"/>: every pass looks, whatever is due.
/// </summary>
internal sealed class StoryRun : IAsyncDisposable
{
    private readonly Story _story;
    private readonly StoryApi _api;
    private readonly EngineRig _rig;
    private readonly HydrationWorker _worker;
    private readonly List<(long At, string EventId, StoryNotice Notice)> _arrivals = [];
    private int _arrived;

    public StoryRun(Story story, IReadOnlyList<Delivery> deliveries)
    {
        _story = story;
        _api = new StoryApi(story);
        _rig = new EngineRig(_api.Answer);
        _worker = _rig.Hydration();
        for (var number = 0; number < story.Notices.Count; number++)
        {
            var (notice, delivery) = (story.Notices[number], deliveries[number % deliveries.Count]);
            for (var copy = 0; copy < delivery.Copies; copy++)
            {
                _arrivals.Add((notice.CreatedAt + delivery.Delay + (copy * (long)delivery.Again), FormattableString.Invariant($"wevt_{number}"), notice));
            }
        }

        _arrivals.Sort(static (one, other) => one.At.CompareTo(other.At));
        Last = Math.Max(story.End, _arrivals.Count == 0 ? 0 : _arrivals[^1].At);
    }

    /// <summary>Looks that were made.</summary>
    public int Looks { get; private set; }

    /// <summary>When nothing more happens and nothing more arrives.</summary>
    public long Last { get; }

    public long Now => _api.Now;

    public InMemoryDriveStore Store => _rig.Inner;

    /// <summary>What arrived so far, by event id.</summary>
    public IEnumerable<IGrouping<string, StoryNotice>> Arrived =>
        _arrivals.Take(_arrived).GroupBy(static arrival => arrival.EventId, static arrival => arrival.Notice);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task<ContextHead?> HeadAsync() => await Store.FindHeadAsync(Sight.Everything, Plans.Session, Token);

    /// <summary>Moves the clock, takes in what arrives until then, and makes one pass.</summary>
    public async Task PassAsync(Pass pass, bool isForced = false)
    {
        _api.Pass = pass;
        _api.Now += pass.After;
        _rig.Time.Advance(TimeSpan.FromMilliseconds(pass.After));
        for (; _arrived < _arrivals.Count && _arrivals[_arrived].At <= Now; _arrived++)
        {
            await _rig.ArriveAsync(Envelope(_arrivals[_arrived].EventId, _arrivals[_arrived].Notice));
        }

        if (isForced)
        {
            await Store.RequestAsync(Plans.Session, null, WorkLane.Normal, Token);
        }

        Looks += await _worker.RunOnceAsync(Token).WaitAsync(StoreConformance.Timeout, Token);
    }

    /// <summary>Lets everything arrive and be visible, and looks once more, as the sweep would, until nothing is due.</summary>
    public async Task SettleAsync()
    {
        await PassAsync(Pass.Fresh with { After = (int)Math.Max(0, Last - Now) + 1 }, isForced: true);
        for (var round = 0; await Store.NextDueAsync(Token) is not null; round++)
        {
            Assert.True(round < 50, "looking never ends");
            await PassAsync(Pass.Fresh);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _worker.Dispose();
        await _rig.DisposeAsync();
    }

    private static WebhookEnvelope Envelope(string eventId, StoryNotice notice)
    {
        var rule = EventCatalog.Find(notice.EventType)!;
        var whole = notice.CreatedAt % 3 == 0; // The fraction of created_at is optional (claude-api §1.3).
        return new WebhookEnvelope
        {
            EventId = eventId,
            EventType = notice.EventType,
            Dialect = WebhookDialect.Standard,
            CreatedAt = Story.Instant(whole ? notice.CreatedAt / 1000 * 1000 : notice.CreatedAt),
            Resource = Plans.Session,
            SessionId = Story.SessionId,
            IsDeletion = rule.IsDeletion,
            Lane = rule.Lane,
        };
    }
}
