using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using ClaudeDrive.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Conformance.Model;

/// <summary>Runs operations on a store and knows, from their results alone, what must be true of it. Its other part checks that.</summary>
internal sealed partial class StoreModel(IDriveStore store, FakeTimeProvider time, CancellationToken token)
{
    private static readonly TimeSpan LeaseFor = StoreConformance.LeaseFor;

    private readonly List<ResourceLease> _leases = [];
    private readonly Dictionary<ResourceKey, (long Token, DateTimeOffset Ends)> _held = [];
    private readonly List<SendLease> _sends = [];
    private readonly Dictionary<string, (long Token, DateTimeOffset Ends)> _heldSends = [];
    private readonly HashSet<(string SessionId, string BlockingEventId)> _everBlocked = [];
    private readonly WorkModel _work = new(StoreConformance.Window);
    private readonly Dictionary<string, (ResourceKey? Resource, WorkLane Lane)> _targets = [];
    private long _newestToken;

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Makes one call and compares its result with the model.</summary>
    public Task RunAsync(Operation operation) => operation.Kind switch
    {
        OperationKind.StoreNew or OperationKind.StoreAnother => StoreAsync(_events.Count, operation.A, operation.B),
        OperationKind.StoreRepeat => StoreAsync(operation.A % (_events.Count + 1), operation.A, operation.B),
        OperationKind.Claim => ClaimAsync(10),
        OperationKind.ClaimSome => ClaimAsync(1 + (operation.A % 2)),
        OperationKind.Apply or OperationKind.ApplyAnother => WithLeaseAsync(operation, ApplyAsync),
        OperationKind.Retry or OperationKind.Snooze or OperationKind.Park or OperationKind.Release or OperationKind.Renew =>
            WithLeaseAsync(operation, EndLeaseAsync),
        OperationKind.Request => RequestAsync(Resource(operation.A), Lane(operation.B)),
        OperationKind.RetryDead => RetryDeadAsync(operation),
        OperationKind.DiscardDead => store.DiscardDeadAsync(Given.By("ada"), DeadFilter(operation), token).AsTask(),
        OperationKind.Pass or OperationKind.PassAgain => PassAsync(operation.A),
        OperationKind.ClaimReview or OperationKind.ReleaseReview or OperationKind.Answer or OperationKind.AnswerAnother => ReviewAsync(operation),
        OperationKind.ClaimSends => ClaimSendsAsync(1 + (operation.A % 3)),
        OperationKind.EndSend => EndSendAsync(operation),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Not a known operation."),
    };

    private static ResourceKey Resource(int number) => ResourceKey.Session($"sesn_{number % 4}");

    private static WorkLane Lane(int number) => (WorkLane)(number % 4);

    private static EventFilter DeadFilter(Operation operation) => operation.B % 2 == 0 ? new() : new() { ResourceId = Resource(operation.A).Id };

    private static bool Holds<TKey>(Dictionary<TKey, (long Token, DateTimeOffset Ends)> held, TKey key, long leaseToken)
        where TKey : notnull => held.TryGetValue(key, out var newest) && newest.Token == leaseToken;

    private async Task StoreAsync(int number, int session, int lane)
    {
        var envelope = Given.Envelope($"wevt_{number}", Resource(session).Id) with { Lane = Lane(lane) };
        envelope = (lane % 10) switch
        {
            8 => envelope with { Resource = null },
            9 => envelope with { Resource = null, IsParsed = false },
            _ => envelope,
        };

        var isNew = await store.StoreAsync(Given.Arrival(envelope), token);

        Assert.Equal(!_events.ContainsKey(envelope.EventId), isNew);
        if (isNew)
        {
            _targets.Add(envelope.EventId, (envelope.Resource, envelope.Lane));
            if (envelope.Resource is { } resource)
            {
                _work.Marked(resource, envelope.Lane, Now);
            }

            _events.Add(envelope.EventId, !envelope.IsParsed ? EventState.Dead : envelope.Resource is null ? EventState.Applied : EventState.Pending);
        }
    }

    private async Task RequestAsync(ResourceKey resource, WorkLane lane)
    {
        await store.RequestAsync(resource, null, lane, token);
        _work.Requested(resource, lane, Now);
    }

    private async Task RetryDeadAsync(Operation operation)
    {
        var filter = DeadFilter(operation);
        var retried = 0;
        foreach (var (eventId, state) in _events)
        {
            if (state == EventState.Dead && _targets[eventId] is { Resource: { } resource, Lane: var lane } && (filter.ResourceId is null || filter.ResourceId == resource.Id))
            {
                _work.Retried(resource, lane, Now);
                retried++;
            }
        }

        Assert.Equal(retried, await store.RetryDeadAsync(Given.By("ada"), filter, token));
    }

    private async Task<int> ClaimAsync(int max)
    {
        var leases = await store.ClaimAsync(max, LeaseFor, token);
        _work.Claimed(leases, max, Now);
        foreach (var lease in leases)
        {
            Assert.False(_held.TryGetValue(lease.Resource, out var live) && live.Ends > Now, $"{lease.Resource} is leased twice.");
            Assert.True(lease.Token > _newestToken || leases.Any(other => other.Token == _newestToken), "A token is not newer than all before.");
            _held[lease.Resource] = (lease.Token, lease.ExpiresAt);
            _leases.Add(lease);
        }

        _newestToken = leases.Select(lease => lease.Token).Append(_newestToken).Max();
        if (leases.Count < max)
        {
            Assert.False(await store.NextDueAsync(token) <= Now, "A claim left due work behind.");
        }

        return leases.Count;
    }

    private Task WithLeaseAsync(Operation operation, Func<ResourceLease, Operation, Task> call) =>
        _leases.Count == 0 ? Task.CompletedTask : call(_leases[^(1 + (operation.A % _leases.Count))], operation);

    private async Task EndLeaseAsync(ResourceLease lease, Operation operation)
    {
        var delay = TimeSpan.FromMilliseconds(operation.B);
        var done = await (operation.Kind switch
        {
            OperationKind.Retry => store.RetryAsync(lease, "transient: model", delay, token),
            OperationKind.Snooze => store.SnoozeAsync(lease, "told to wait: model", delay, token),
            OperationKind.Park => store.ParkAsync(lease, "permanent: model", token),
            OperationKind.Release => store.ReleaseAsync(lease, token),
            _ => store.RenewAsync(lease, LeaseFor, token),
        });

        Assert.Equal(Holds(_held, lease.Resource, lease.Token), done);
        if (done)
        {
            _work.Ended(lease.Resource, operation.Kind, delay, Now);
        }

        if (done && operation.Kind == OperationKind.Renew)
        {
            _held[lease.Resource] = (lease.Token, Now + LeaseFor);
        }
        else if (done)
        {
            _held.Remove(lease.Resource);
        }
    }

    private async Task ApplyAsync(ResourceLease lease, Operation operation)
    {
        var before = await store.FindHeadAsync(Sight.Everything, lease.Resource, token);
        var blockers = Enumerable.Range(0, 3).Where(i => ((operation.B >> i) & 1) == 1).Select(i => Given.Blocker($"sevt_{i}")).ToArray();
        var status = blockers.Length > 0 ? "idle" : operation.B % 3 == 0 ? "terminated" : "running";
        var stale = operation.B % 11 == 0;
        var change = Given.Change(lease.Resource, before, status, blockers);
        change = change with
        {
            BaseRevision = change.BaseRevision + (stale ? 1 : 0),
            SupersedeBefore = operation.B % 5 == 0 ? DateTimeOffset.MaxValue : null,
            LookAgainAfter = operation.B % 13 == 0 ? TimeSpan.FromSeconds(1) : null,
        };

        var outcome = await store.ApplyAsync(lease, change, token);

        var holds = Holds(_held, lease.Resource, lease.Token);
        Assert.Equal(!holds ? ApplyOutcome.LeaseLost : stale ? ApplyOutcome.BaseMoved : ApplyOutcome.Applied, outcome);
        if (outcome == ApplyOutcome.Applied)
        {
            _held.Remove(lease.Resource);
            _work.Completed(lease.Resource, change.LookAgainAfter, Now);
            _everBlocked.UnionWith(blockers.Select(blocker => (lease.Resource.Id, blocker.BlockingEventId)));
        }
    }

    private Task PassAsync(int number)
    {
        time.Advance((number % 5) switch
        {
            0 => StoreConformance.Tick,
            1 => TimeSpan.FromMilliseconds(60),
            2 => TimeSpan.FromMilliseconds(100),
            3 => TimeSpan.FromSeconds(2),
            _ => LeaseFor,
        });
        return Task.CompletedTask;
    }

    private async Task ReviewAsync(Operation operation)
    {
        var items = (await store.ListReviewsAsync(Sight.Everything, new(), new(PageRequest.MaxLimit), token)).Items;
        if (items.Count == 0)
        {
            return;
        }

        var (id, actor) = (items[operation.A % items.Count].ReviewId, $"actor_{operation.B % 2}");
        _ = await (operation.Kind switch
        {
            OperationKind.ClaimReview => store.ClaimReviewAsync(Given.By(actor), id, LeaseFor, takeover: operation.B % 3 == 0, null, token),
            OperationKind.ReleaseReview => store.ReleaseReviewAsync(Given.By(actor), id, null, token),
            _ => store.AnswerReviewAsync(Given.By(actor), id, Given.Answer($"{operation.B}"), token),
        });
    }

    private async Task<int> ClaimSendsAsync(int max)
    {
        var leases = await store.ClaimSendsAsync(max, LeaseFor, token);
        foreach (var lease in leases)
        {
            var known = _heldSends.TryGetValue(lease.Item.ReviewId, out var live);
            Assert.False(known && live.Ends > Now, $"{lease.Item.ReviewId} is being sent twice.");
            Assert.True(!known || lease.MustVerify, "A sender died, but the next one need not verify.");
            _heldSends[lease.Item.ReviewId] = (lease.Token, Now + LeaseFor);
            _sends.Add(lease);
        }

        return leases.Count;
    }

    private async Task EndSendAsync(Operation operation)
    {
        if (_sends.Count == 0)
        {
            return;
        }

        var lease = _sends[^(1 + (operation.A % _sends.Count))];
        var endings = ReviewTransitions.All.Where(edge => edge.From == ReviewState.Sending).Select(edge => edge.To).ToList();
        var ending = new SendEnding(endings[operation.B % endings.Count], Delay: TimeSpan.FromMilliseconds(operation.B));

        var done = await store.EndSendAsync(lease, ending, token);

        Assert.Equal(Holds(_heldSends, lease.Item.ReviewId, lease.Token), done);
        if (done)
        {
            SendEnded(lease, ending);
        }
    }

    private void SendEnded(SendLease lease, SendEnding ending)
    {
        _heldSends.Remove(lease.Item.ReviewId);
        if (ending.To is not (ReviewState.Answered or ReviewState.Verifying))
        {
            _work.Requested(ResourceKey.Session(lease.Item.SessionId), WorkLane.Watched, Now); // To see what the answer did.
        }
    }
}
