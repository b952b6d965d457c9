using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using Xunit;

namespace ClaudeDrive.Conformance.Model;

/// <content>The invariants.</content>
internal sealed partial class StoreModel
{
    private readonly Dictionary<string, EventState> _events = [];
    private readonly Dictionary<string, ReviewState> _reviews = [];
    private readonly Dictionary<ResourceKey, ContextRevision> _newest = [];
    private long _lastStep;
    private long _lastRevision;

    /// <summary>Checks everything that must hold between any two calls.</summary>
    public async Task CheckAsync()
    {
        Assert.Equal(_work.NextDue, await store.NextDueAsync(token));
        await CheckEventsAsync();
        await CheckStepsAsync();
        await CheckRevisionsAsync();
    }

    /// <summary>Lets every lease end and every worker succeed: then nothing may be left pending, and no answer unsent.</summary>
    public async Task FinishAsync()
    {
        int worked;
        var rounds = 0;
        do
        {
            Assert.True(++rounds < 50, "The store never comes to rest.");
            time.Advance(TimeSpan.FromHours(1));
            worked = await ClaimAsync(PageRequest.MaxLimit) + await ClaimSendsAsync(PageRequest.MaxLimit);
            foreach (var lease in _leases.Where(lease => Holds(_held, lease.Resource, lease.Token)).ToList())
            {
                await ApplyAsync(lease, new Operation(OperationKind.Apply, 0, 8));
            }

            foreach (var lease in _sends.Where(lease => Holds(_heldSends, lease.Item.ReviewId, lease.Token)).ToList())
            {
                var ending = new SendEnding(ReviewState.Resumed, "sevt_9");
                Assert.True(await store.EndSendAsync(lease, ending, token));
                SendEnded(lease, ending);
            }

            await CheckAsync();
        }
        while (worked > 0);

        Assert.Null(await store.NextDueAsync(token));
        Assert.Null(await store.NextSendDueAsync(token));
        Assert.DoesNotContain(EventState.Pending, _events.Values);
        Assert.All(_reviews.Values, state => Assert.True(
            ReviewTransitions.IsFinal(state) || state is ReviewState.Open or ReviewState.Claimed, $"An item is left {state}."));
    }

    private async Task CheckEventsAsync()
    {
        var stored = (await store.ReadEventsAsync(Sight.Everything, 0, int.MaxValue, token)).Items;
        Assert.Equal(_events.Keys.Order(StringComparer.Ordinal), stored.Select(e => e.Envelope.EventId).Order(StringComparer.Ordinal));
        foreach (var record in stored)
        {
            var (id, before) = (record.Envelope.EventId, _events[record.Envelope.EventId]);
            Assert.True(before == record.State || EventTransitions.IsLegal(before, record.State), $"{id} went from {before} to {record.State}.");
            _events[id] = record.State;
        }

        var counts = (await store.CountAsync(Sight.Everything, Given.Start, token)).Events;
        foreach (var state in Enum.GetValues<EventState>())
        {
            Assert.Equal(_events.Values.Count(value => value == state), counts.GetValueOrDefault(state));
        }

        if (_events.ContainsValue(EventState.Pending))
        {
            Assert.True(await store.NextDueAsync(token) is not null, "An event is pending, but no work is due for it.");
        }
    }

    private async Task CheckStepsAsync()
    {
        foreach (var step in (await store.ReadStepsAsync(Sight.Everything, _lastStep, int.MaxValue, token)).Items)
        {
            ReviewState? before = _reviews.TryGetValue(step.ReviewId, out var known) ? known : null;
            var claimEnded = before == ReviewState.Claimed && step.From == ReviewState.Open;
            Assert.True(step.From == before || claimEnded, $"{step.ReviewId} was {before}, but the step begins at {step.From}.");
            Assert.True(step.From is null ? step.To == ReviewState.Open : ReviewTransitions.IsLegal(step.From.Value, step.To), $"{step}");
            _reviews[step.ReviewId] = step.To;
            _lastStep = step.Seq;
        }

        var items = (await store.ListReviewsAsync(Sight.Everything, new(), new(PageRequest.MaxLimit), token)).Items;
        Assert.Equal(_everBlocked.Count, items.Count);
        Assert.Equal(_everBlocked, items.Select(item => (item.SessionId, item.Blocker.BlockingEventId)).ToHashSet());
        foreach (var item in items)
        {
            var state = _reviews[item.ReviewId];
            Assert.True(item.State == state || (state, item.State) == (ReviewState.Claimed, ReviewState.Open), $"{item} is not {state}.");
            var answered = state is ReviewState.Answered or ReviewState.Sending or ReviewState.Verifying or ReviewState.Resumed;
            Assert.True(!answered || item.AnswerJson is not null, $"{item} has lost its answer.");
            Assert.Equal(state == ReviewState.Sending, _heldSends.ContainsKey(item.ReviewId));
        }
    }

    private async Task CheckRevisionsAsync()
    {
        foreach (var revision in (await store.ReadRevisionsAsync(Sight.Everything, _lastRevision, int.MaxValue, token)).Items)
        {
            var before = _newest.GetValueOrDefault(revision.Resource);
            Assert.Equal((before?.Number ?? 0) + 1, revision.Number);
            Assert.Equal(before?.Hash ?? new string('0', 64), revision.PreviousHash);
            _newest[revision.Resource] = revision;
            _lastRevision = revision.Seq;
        }
    }
}
