using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>
/// What every store suite shares: a fresh open store per test over fake time. A store derives each suite, marks the class with
/// <see cref="StoreUnderTestAttribute"/> and overrides <see cref="CreateAsync"/>; a durable one overrides <see cref="CreateAgainAsync"/> too.
/// </summary>
public abstract class StoreConformance : IAsyncLifetime
{
    /// <summary>The one timeout of every wait: long enough for a busy machine, reached only by a defect.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>Lease used where its length does not matter.</summary>
    internal static readonly TimeSpan LeaseFor = TimeSpan.FromSeconds(30);

    /// <summary>The smallest step that every store must keep apart.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromMicroseconds(1);

    /// <summary>The coalescing of the tested store.</summary>
    internal static readonly Coalescing Window = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));

    private readonly List<IDriveStore> _stores = [];

    internal FakeTimeProvider Time { get; } = new(Given.Start);

    internal IDriveStore Store { get; private set; } = null!;

    internal DateTimeOffset Now => Time.GetUtcNow();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes a store over a new, empty database, not yet opened. Called several times by some tests.</summary>
    internal abstract ValueTask<IDriveStore> CreateAsync(TimeProvider time, Coalescing coalescing);

    /// <summary>
    /// Makes another store over the database of the newest <see cref="CreateAsync"/>, after that store was disposed; null when the store keeps
    /// nothing.
    /// </summary>
    internal virtual ValueTask<IDriveStore?> CreateAgainAsync(TimeProvider time, Coalescing coalescing) => new((IDriveStore?)null);

    public async ValueTask InitializeAsync() => Store = await OpenNewAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes what <see cref="CreateAsync"/> left behind, after the stores are disposed.</summary>
    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    internal async ValueTask<IDriveStore> OpenNewAsync()
    {
        var store = await CreateAsync(Time, Window);
        _stores.Add(store);
        await store.OpenAsync(Token);
        Assert.Equal(StoreUnderTestAttribute.Of(GetType()), store.GetType());
        return store;
    }

    /// <summary>Disposes the store and opens another one over what it kept.</summary>
    internal async ValueTask<IDriveStore> ReopenAsync()
    {
        await Store.DisposeAsync();
        var again = await CreateAgainAsync(Time, Window);
        Assert.NotNull(again);
        _stores.Add(again);
        await again.OpenAsync(Token);
        return Store = again;
    }

    internal async Task<ResourceLease> ClaimOneAsync(TimeSpan? leaseFor = null) =>
        Assert.Single(await Store.ClaimAsync(10, leaseFor ?? LeaseFor, Token));

    internal async Task<ResourceLease> ClaimNewAsync(InboxArrival arrival)
    {
        Assert.True(await Store.StoreAsync(arrival, Token));
        return await ClaimOneAsync();
    }

    internal async Task AssertNothingDueAsync() => Assert.Empty(await Store.ClaimAsync(10, LeaseFor, Token));

    internal async Task<EventRecord> EventAsync(string eventId)
    {
        var found = await Store.FindEventAsync(Sight.Everything, null, eventId, Token);
        Assert.NotNull(found);
        return found.Value.Event;
    }

    internal async Task<ContextHead> ApplyAsync(ResourceLease lease, ContextChange change)
    {
        Assert.Equal(ApplyOutcome.Applied, await Store.ApplyAsync(lease, change, Token));
        return change.Head;
    }

    /// <summary>Claims the resource's due row and applies a change to it: one whole look. Moves the time past any cooling first.</summary>
    internal async Task<ContextHead> LookAsync(ResourceKey resource, Func<ContextHead?, ContextChange> plan)
    {
        Time.Advance(Window.MaxWait);
        await Store.RequestAsync(resource, null, WorkLane.Normal, Token);
        var leases = await Store.ClaimAsync(200, LeaseFor, Token);
        var lease = Assert.Single(leases, candidate => candidate.Resource == resource);
        foreach (var other in leases.Where(candidate => candidate.Resource != resource))
        {
            Assert.True(await Store.ReleaseAsync(other, Token));
        }

        return await ApplyAsync(lease, plan(await Store.FindHeadAsync(Sight.Everything, resource, Token)));
    }
}
