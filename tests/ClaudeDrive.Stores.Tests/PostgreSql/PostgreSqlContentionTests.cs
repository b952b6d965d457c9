using System.Collections.Concurrent;
using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.PostgreSql;
using Xunit;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

/// <summary>Two nodes over one database, by the database's clock.</summary>
public sealed class PostgreSqlContentionTests : IAsyncLifetime
{
    private const int Sessions = 40;
    private const int EventsEach = 25;
    private const int WorkersEach = 4;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly PostgreSqlSchemas _schemas = new();
    private readonly ConcurrentDictionary<ResourceKey, string> _held = new();
    private readonly ConcurrentBag<string> _twice = [];
    private PostgreSqlDriveStore _a = null!;
    private PostgreSqlDriveStore _b = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _a = _schemas.Create(null, new Coalescing(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20)));
        _b = _schemas.CreateAgain(null, new Coalescing(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20)), "node_b");
        await Task.WhenAll(_a.OpenAsync(Token).AsTask(), _b.OpenAsync(Token).AsTask());
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        await _schemas.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Claim_TwoNodesUnderLoad_NoResourceIsWorkedOnTwiceAtOnceAndEveryEventEnds()
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var workers = Enumerable.Range(0, WorkersEach).SelectMany(i => new[] { WorkAsync(_a, $"a{i}", done.Token), WorkAsync(_b, $"b{i}", done.Token) }).ToArray();
        await Task.WhenAll(StoreAsync(_a, 0), StoreAsync(_b, 1), StoreAsync(_b, 0));
        await UntilDoneAsync();
        await done.CancelAsync();
        await Task.WhenAll(workers);

        Assert.Empty(_twice);
        var counts = (await _a.CountAsync(Sight.Everything, DateTimeOffset.MinValue, Token)).Events;
        Assert.Equal(Sessions * EventsEach, counts.Values.Sum());
        Assert.Equal(0, counts.GetValueOrDefault(EventState.Dead));
        for (var session = 0; session < Sessions; session++)
        {
            var key = ResourceKey.Session($"sesn_{session}");
            var revisions = (await _b.ListRevisionsAsync(Sight.Everything, key, new PageRequest(200), Token)).Items.Reverse().ToList();
            var previous = new string('0', 64);
            Assert.All(revisions, revision =>
            {
                Assert.Equal(previous, revision.PreviousHash);
                previous = revision.Hash;
            });
            Assert.Equal(previous, (await _a.FindHeadAsync(Sight.Everything, key, Token))!.RevisionHash);
        }
    }

    [Fact]
    public async Task Tail_WhileTwoNodesStore_MissesNothing()
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var tail = TailAsync(done.Token);
        await Task.WhenAll(StoreAsync(_a, 0), StoreAsync(_b, 1));
        await done.CancelAsync();

        Assert.Equal(Sessions * EventsEach, (await tail).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task WaitForWork_TheOtherNodeStores_IsWoken()
    {
        await ListeningAsync();
        var wait = _a.WaitForWorkAsync(_a.WorkVersion, Token);

        await _b.StoreAsync(Given.Arrival("whe_1"), Token);

        await wait.WaitAsync(StoreConformance.Timeout, Token);
        Assert.Single(await _a.ClaimAsync(10, Lease, Token));
    }

    [Fact]
    public async Task WaitForWork_NobodyListens_IsWokenByTheTimer()
    {
        await using var deaf = _schemas.CreateAgain(null, Coalescing.Default, "node_c", options => options.Listen = false);
        await deaf.OpenAsync(Token);
        var wait = deaf.WaitForWorkAsync(deaf.WorkVersion, Token);

        await _b.StoreAsync(Given.Arrival("whe_1"), Token);

        await wait.WaitAsync(StoreConformance.Timeout, Token);
    }

    // The first wake-up after the start says that the connection listens.
    private Task ListeningAsync() => _a.WaitForWorkAsync(0, Token).WaitAsync(StoreConformance.Timeout, Token);

    private async Task<List<string>> TailAsync(CancellationToken done)
    {
        List<string> seen = [];
        for (long after = 0; ;)
        {
            var isLast = done.IsCancellationRequested;
            var events = (await _a.ReadEventsAsync(Sight.Everything, after, 50, Token)).Items;
            seen.AddRange(events.Select(static e => e.Envelope.EventId));
            after = events.Count > 0 ? events[^1].Seq : after;
            if (isLast && events.Count == 0)
            {
                return seen;
            }
        }
    }

    private static async Task StoreAsync(PostgreSqlDriveStore store, int half)
    {
        for (var number = half; number < EventsEach; number += 2)
        {
            await Task.WhenAll(Enumerable.Range(0, Sessions).Select(session =>
                store.StoreAsync(Given.Arrival($"whe_{session}_{number}", $"sesn_{session}"), Token).AsTask()));
        }
    }

    private async Task WorkAsync(PostgreSqlDriveStore store, string worker, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            var leases = await store.ClaimAsync(3, Lease, Token);
            foreach (var lease in leases)
            {
                if (!_held.TryAdd(lease.Resource, worker))
                {
                    _twice.Add($"{lease.Resource} by {worker} and {_held.GetValueOrDefault(lease.Resource)}");
                }
            }

            foreach (var lease in leases)
            {
                var head = await store.FindHeadAsync(Sight.Everything, lease.Resource, Token);
                _held.TryRemove(lease.Resource, out _);
                Assert.Equal(ApplyOutcome.Applied, await store.ApplyAsync(lease, Given.Change(lease.Resource, head), Token));
            }

            await Task.Yield();
        }
    }

    private async Task UntilDoneAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(StoreConformance.Timeout);
        while ((await _a.CountAsync(Sight.Everything, DateTimeOffset.MinValue, limit.Token)).Events.GetValueOrDefault(EventState.Pending) > 0)
        {
            await Task.Yield();
        }
    }
}
