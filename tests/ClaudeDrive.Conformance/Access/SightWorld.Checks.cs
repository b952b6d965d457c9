using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <content>What a sight shows, compared with what everything is and the rule says.</content>
internal sealed partial class SightWorld
{
    private const int PageRows = 7;

    private static readonly ContextFilter[] HeadFilters =
    [
        new(), new() { Type = ResourceKey.SessionType }, new() { NotType = ResourceKey.SessionType }, new() { Type = ResourceKey.SessionThreadType },
        new() { Type = ResourceKey.SessionType, Status = "idle" }, new() { WorkspaceId = "1" }, new() { NotStatuses = ["idle"], Query = "sesn" },
        new() { ParentId = "sesn_0" }, new() { AgentId = "1", Type = ResourceKey.SessionType },
    ];

    private static readonly EventFilter[] EventFilters = [new(), new() { State = EventState.Dead }, new() { SessionId = "sesn_0" }, new() { WorkspaceId = "2" }];

    private bool _isLoaded;
    private Dictionary<ResourceKey, ContextHead> _heads = [];
    private IReadOnlyList<EventRecord> _all = [];
    private List<ContextHead>[] _headLists = [];
    private List<EventRecord>[] _eventLists = [];
    private List<DeliveryRecord> _deliveries = [];
    private List<ReviewItem> _reviews = [];
    private IReadOnlyList<ContextRevision> _revisions = [];
    private IReadOnlyList<ReviewStep> _steps = [];

    /// <summary>Every read under this sight. What everything is, is read once until the next change.</summary>
    public async Task CheckAsync(Sight sight)
    {
        if (!_isLoaded)
        {
            await LoadAsync();
        }

        await CheckHeadsAsync(sight);
        await CheckOneByOneAsync(sight);
        await CheckEventsAsync(sight);
        await CheckReviewsAsync(sight);
        await CheckTailsAsync(sight);
        await CheckCountsAsync(sight);
    }

    /// <summary>Changes under this sight touch what it shows and nothing else.</summary>
    public async Task CheckChangeAsync(Sight sight)
    {
        await LoadAsync();
        var dead = _all.Where(record => record.State == EventState.Dead).ToList();
        var mine = dead.Where(record => Sees(sight, record)).ToList();
        Assert.Equal(mine.Count, await store.DiscardDeadAsync(Given.By("ada", sight), new EventFilter(), token));
        await LoadAsync();
        Assert.Equal(
            dead.Except(mine).Select(static record => record.Envelope.EventId),
            _all.Where(static record => record.State == EventState.Dead).Select(static record => record.Envelope.EventId));
        foreach (var item in (await store.ListReviewsAsync(Sight.Everything, new ReviewFilter(), new PageRequest(200), token)).Items)
        {
            var claimed = await store.ClaimReviewAsync(Given.By("ada", sight), item.ReviewId, TimeSpan.FromMinutes(1), false, null, token);
            Assert.Equal(!SeesSession(sight, item.SessionId), claimed.Refusal == ReviewRefusal.Unknown);
        }

        foreach (var record in _all)
        {
            var replayed = await store.ReplayAsync(Given.By("ada", sight), record.Endpoint, record.Envelope.EventId, token);
            Assert.Equal(!Sees(sight, record), replayed == ReplayOutcome.Unknown);
        }
    }

    private async Task LoadAsync()
    {
        _heads = (await HeadsAsync(Sight.Everything, new ContextFilter())).ToDictionary(static head => head.Resource);
        _all = (await store.ReadEventsAsync(Sight.Everything, 0, int.MaxValue, token)).Items;
        _headLists = await ListsAsync(HeadFilters, filter => HeadsAsync(Sight.Everything, filter));
        _eventLists = await ListsAsync(EventFilters, filter => EventsAsync(Sight.Everything, filter));
        _deliveries = await DeliveriesAsync(Sight.Everything);
        _reviews = await ReviewsAsync(Sight.Everything);
        _revisions = (await store.ReadRevisionsAsync(Sight.Everything, 0, int.MaxValue, token)).Items;
        _steps = (await store.ReadStepsAsync(Sight.Everything, 0, int.MaxValue, token)).Items;
        _isLoaded = true;
    }

    private async Task CheckHeadsAsync(Sight sight)
    {
        for (var i = 0; i < HeadFilters.Length; i++)
        {
            var expected = _headLists[i].Where(head => Sees(sight, head)).Select(static head => head.Resource);
            Assert.Equal(expected, (await HeadsAsync(sight, HeadFilters[i])).Select(static head => head.Resource));
        }
    }

    private async Task CheckOneByOneAsync(Sight sight)
    {
        foreach (var head in _heads.Values)
        {
            var seen = Sees(sight, head);
            Assert.Equal(seen, await store.FindHeadAsync(sight, head.Resource, token) is not null);
            Assert.Equal(seen, await store.FindRevisionAsync(sight, head.Resource, 1, token) is not null);
            Assert.Equal(seen ? head.Revision : 0, (await store.ListRevisionsAsync(sight, head.Resource, new PageRequest(5), token)).Total);
        }

        foreach (var session in _heads.Values.Where(static head => head.Resource.Type == ResourceKey.SessionType))
        {
            // Every look brought one event.
            var mine = await store.ListTranscriptAsync(sight, session.Resource.Id, new PageRequest(200), token);
            Assert.Equal(Sees(sight, session) ? (session.Revision, session.Revision) : (0, 0), (mine.Total, mine.Items.Count));
        }

        foreach (var record in _all)
        {
            Assert.Equal(Sees(sight, record), await store.FindEventAsync(sight, record.Endpoint, record.Envelope.EventId, token) is not null);
            Assert.Equal(Sees(sight, record), await store.FindEventAsync(sight, null, record.Envelope.EventId, token) is not null);
        }
    }

    private async Task CheckEventsAsync(Sight sight)
    {
        for (var i = 0; i < EventFilters.Length; i++)
        {
            var mine = await EventsAsync(sight, EventFilters[i]);
            Assert.Equal(_eventLists[i].Where(record => Sees(sight, record)).Select(static record => record.Seq), mine.Select(static record => record.Seq));
        }

        var seen = await DeliveriesAsync(sight);
        Assert.Equal(_deliveries.Where(delivery => Sees(sight, delivery)).Select(static delivery => delivery.Seq), seen.Select(static delivery => delivery.Seq));
    }

    private async Task CheckReviewsAsync(Sight sight)
    {
        var mine = await ReviewsAsync(sight);
        var expected = _reviews.Where(item => SeesSession(sight, item.SessionId)).ToList();
        Assert.Equal(expected.Select(static item => item.ReviewId), mine.Select(static item => item.ReviewId));
        foreach (var item in _reviews)
        {
            var seen = SeesSession(sight, item.SessionId);
            Assert.Equal(seen, await store.FindReviewAsync(sight, item.ReviewId, token) is not null);
            Assert.Equal(seen, (await store.ListStepsAsync(sight, null, item.ReviewId, token)).Count > 0);
            Assert.Equal(seen, (await store.ListStepsAsync(sight, item.SessionId, null, token)).Count > 0);
        }

        var states = expected.CountBy(static item => item.State).ToDictionary(static pair => pair.Key, static pair => (long)pair.Value);
        Assert.Equal(states.OrderBy(static pair => pair.Key), (await store.CountReviewsAsync(sight, token)).OrderBy(static pair => pair.Key));
    }

    private async Task CheckTailsAsync(Sight sight)
    {
        var events = await TailAsync((after, max) => store.ReadEventsAsync(sight, after, max, token));
        Assert.Equal(_all.Where(record => Sees(sight, record)).Select(static record => record.Seq), events.Select(static record => record.Seq));
        var seen = await TailAsync((after, max) => store.ReadRevisionsAsync(sight, after, max, token));
        Assert.Equal(
            _revisions.Where(revision => Sees(sight, _heads[revision.Resource])).Select(static revision => revision.Seq),
            seen.Select(static revision => revision.Seq));
        var mine = await TailAsync((after, max) => store.ReadStepsAsync(sight, after, max, token));
        Assert.Equal(_steps.Where(step => SeesSession(sight, step.SessionId)).Select(static step => step.Seq), mine.Select(static step => step.Seq));
    }

    private async Task CheckCountsAsync(Sight sight)
    {
        var contexts = await store.CountContextsAsync(sight, token);
        var heads = _heads.Values.Where(head => Sees(sight, head)).ToList();
        Assert.Equal(
            heads.CountBy(static head => head.Resource.Type).Select(static pair => (pair.Key, (long)pair.Value)).Order(),
            contexts.ByType.Where(static pair => pair.Value != 0).Select(static pair => (pair.Key, pair.Value)).Order());
        Assert.Equal(heads.Sum(static head => head.Revision), contexts.Revisions);

        var counts = await store.CountAsync(sight, Given.Start, token);
        Assert.Equal(
            _all.Where(record => Sees(sight, record)).CountBy(static record => record.State).Select(static pair => (pair.Key, (long)pair.Value)).Order(),
            counts.Events.Where(static pair => pair.Value != 0).Select(static pair => (pair.Key, pair.Value)).Order());
        var deliveries = _deliveries.Where(delivery => Sees(sight, delivery)).AggregateBy(
            static delivery => delivery.Outcome, 0L, static (sum, delivery) => sum + delivery.Count);
        Assert.Equal(
            deliveries.Select(static pair => (pair.Key, pair.Value)).Order(),
            counts.Deliveries.Where(static pair => pair.Value != 0).Select(static pair => (pair.Key, pair.Value)).Order());

        // Everything that is due was made due by a pending event, or by nothing that is left.
        var due = _all.Where(static record => record.State == EventState.Pending).Select(static record => record.Envelope.Resource!.Value).Distinct()
            .Count(resource => _heads.TryGetValue(resource, out var head)
                ? Sees(sight, head)
                : _all.Any(record => record.State == EventState.Pending && record.Envelope.Resource == resource && Sees(sight, record)));
        Assert.Equal(due, counts.Due);
    }

    private Task<List<ContextHead>> HeadsAsync(Sight sight, ContextFilter filter) => PagesAsync(page => store.ListHeadsAsync(sight, filter, page, token));

    private Task<List<EventRecord>> EventsAsync(Sight sight, EventFilter filter) => PagesAsync(page => store.ListEventsAsync(sight, filter, page, token));

    private Task<List<DeliveryRecord>> DeliveriesAsync(Sight sight) =>
        PagesAsync(page => store.ListDeliveriesAsync(sight, new DeliveryFilter(), page, token));

    private Task<List<ReviewItem>> ReviewsAsync(Sight sight) => PagesAsync(page => store.ListReviewsAsync(sight, new ReviewFilter(), page, token));

    private static async Task<List<T>[]> ListsAsync<TFilter, T>(TFilter[] filters, Func<TFilter, Task<List<T>>> list)
    {
        var lists = new List<T>[filters.Length];
        for (var i = 0; i < filters.Length; i++)
        {
            lists[i] = await list(filters[i]);
        }

        return lists;
    }

    /// <summary>All pages, each full but the last, each with the exact total.</summary>
    private static async Task<List<T>> PagesAsync<T>(Func<PageRequest, ValueTask<Page<T>>> list)
    {
        var items = new List<T>();
        var totals = new HashSet<long>();
        long? before = null;
        do
        {
            var page = await list(new PageRequest(PageRows, before));
            Assert.True(page.Items.Count == PageRows || page.Next is null, "A page is short.");
            items.AddRange(page.Items);
            totals.Add(page.Total);
            before = page.Next;
        }
        while (before is not null);

        Assert.Equal([items.Count], totals);
        return items;
    }

    private static async Task<List<T>> TailAsync<T>(Func<long, int, ValueTask<Tail<T>>> read)
    {
        var items = new List<T>();
        long after = 0;
        while (true)
        {
            var tail = await read(after, PageRows);
            items.AddRange(tail.Items);
            if (tail.Through == after)
            {
                return items;
            }

            Assert.True(tail.Through > after, "A tail goes back.");
            after = tail.Through;
        }
    }

    private bool Sees(Sight sight, ContextHead head) => sight.Matches(PlacementOf(head));

    private bool SeesSession(Sight sight, string sessionId) => _heads.TryGetValue(ResourceKey.Session(sessionId), out var head) && Sees(sight, head);

    private bool Sees(Sight sight, EventRecord record)
    {
        var envelope = record.Envelope;
        if (!envelope.IsParsed)
        {
            return sight.IsEverything;
        }

        ResourceKey? owner = envelope.SessionId is { } sessionId ? ResourceKey.Session(sessionId) : envelope.Resource;
        return owner is { } key && _heads.TryGetValue(key, out var head)
            ? Sees(sight, head)
            : sight.Matches(Placement.Bare(envelope.OrganizationId, envelope.WorkspaceId));
    }

    private bool Sees(Sight sight, DeliveryRecord delivery) =>
        sight.IsEverything
        || (delivery.Outcome != DeliveryOutcome.Rejected
            && _all.FirstOrDefault(record => record.Endpoint == delivery.Endpoint && record.Envelope.EventId == delivery.EventId) is { } record
            && Sees(sight, record));

    private Placement PlacementOf(ContextHead head)
    {
        if (head.Resource.Type == ResourceKey.SessionThreadType)
        {
            return head.ParentId is { } parent && _heads.TryGetValue(ResourceKey.Session(parent), out var session)
                ? PlacementOf(session)
                : Placement.Bare(head.OrganizationId, head.WorkspaceId);
        }

        return new Placement(head.OrganizationId, head.WorkspaceId, head.AgentId, MetadataTag.Read(head.MetadataJson));
    }
}
