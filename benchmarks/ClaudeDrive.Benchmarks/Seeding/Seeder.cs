using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Benchmarks.Seeding;

/// <summary>
/// Fills a store through its own contract, as the receiver and the workers do, so that what is measured later is what a long life leaves behind:
/// sessions come in batches, each batch is stored, claimed and applied.
/// </summary>
internal sealed class Seeder(IDriveStore store, SeedPlan plan, TimeProvider time)
{
    /// <summary>Sessions whose events are stored before they are looked at; with a lease for each. Chosen.</summary>
    private const int BatchSessions = 200;

    /// <summary>Stores under way at once: enough for the store to fill its commits.</summary>
    private const int Parallel = 512;

    /// <summary>How long claimed work is held: longer than a batch takes.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, DateTimeOffset?> _nothingKnown = [];
    private readonly DateTimeOffset _now = time.GetUtcNow();

    /// <summary>Fills the store; <paramref name="progress"/> gets the events stored so far. Safe to repeat: what is there already is left alone.</summary>
    public async Task RunAsync(IProgress<long> progress, CancellationToken cancellationToken)
    {
        long stored = 0;
        for (var first = 0; first < plan.Sessions; first += BatchSessions)
        {
            var sessions = Sessions(first, Math.Min(BatchSessions, plan.Sessions - first));
            stored += await StoreAsync(sessions.Values, cancellationToken);
            if (!plan.LeavePending)
            {
                await ApplyAsync(sessions, cancellationToken);
            }

            progress.Report(stored);
        }
    }

    /// <summary>Sessions of the plan by id.</summary>
    public Dictionary<string, SeedSession> Sessions(int first, int count) => Enumerable.Range(first, count)
        .Select(index => new SeedSession(plan, index, _now)).ToDictionary(static session => session.Id, StringComparer.Ordinal);

    /// <summary>Stores every webhook of some sessions; how many.</summary>
    public async Task<long> StoreAsync(IEnumerable<SeedSession> sessions, CancellationToken cancellationToken)
    {
        long count = 0;
        using var slots = new SemaphoreSlim(Parallel);
        List<Task> running = [];
        foreach (var arrival in sessions.SelectMany(static session => session.Arrivals()))
        {
            await slots.WaitAsync(cancellationToken);
            running.Add(StoreAsync(arrival, slots, cancellationToken));
            count++;
        }

        await Task.WhenAll(running);
        return count;
    }

    /// <summary>Ends claimed work of some sessions, all at once.</summary>
    public Task ApplyAsync(IEnumerable<ResourceLease> leases, Dictionary<string, SeedSession> sessions, CancellationToken cancellationToken) =>
        Task.WhenAll(leases.Select(lease => ApplyAsync(lease, sessions, cancellationToken)));

    private async Task StoreAsync(InboxArrival arrival, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        try
        {
            await store.StoreAsync(arrival, cancellationToken);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task ApplyAsync(Dictionary<string, SeedSession> sessions, CancellationToken cancellationToken)
    {
        while (await store.ClaimAsync(BatchSessions, Lease, cancellationToken) is { Count: > 0 } leases)
        {
            await ApplyAsync(leases, sessions, cancellationToken);
        }
    }

    private async Task ApplyAsync(ResourceLease lease, Dictionary<string, SeedSession> sessions, CancellationToken cancellationToken)
    {
        if (!sessions.TryGetValue(lease.Resource.Id, out var session))
        {
            throw new InvalidOperationException($"{lease.Resource} is not of this seeding; a store in use must not be seeded.");
        }

        if (session.IsDead)
        {
            await store.ParkAsync(lease, "http_500", cancellationToken);
            return;
        }

        var head = await store.FindHeadAsync(Sight.Everything, lease.Resource, cancellationToken);
        var change = ContextPlanner.PlanSession(head, session.Fetched(), _nothingKnown, lease, time.GetUtcNow());
        var outcome = await store.ApplyAsync(lease, change, cancellationToken);
        if (outcome != ApplyOutcome.Applied)
        {
            throw new InvalidOperationException($"{lease.Resource}: {outcome}; a store in use must not be seeded.");
        }
    }
}
