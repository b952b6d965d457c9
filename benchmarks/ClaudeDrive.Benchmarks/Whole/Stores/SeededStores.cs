using System.Globalization;
using ClaudeDrive.Benchmarks.Whole.Processes;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Stores;

/// <summary>Stores with a long life behind them, made at first use by <c>seed</c> and shared by the scenarios that need them.</summary>
internal sealed class SeededStores(Workplace workplace) : IAsyncDisposable
{
    /// <summary>Events of each session. Chosen: a long conversation.</summary>
    private const int EventsPerSession = 50;

    /// <summary>Up to here a store is copied for each use; a larger one is used again, since a run adds little to it.</summary>
    private const long CopiedUpTo = 100_000;

    private readonly Dictionary<(string Store, long Events), StorePlace> _places = [];
    private readonly Dictionary<string, IStoreHouse> _houses = [];

    /// <summary>The places of one kind of store.</summary>
    public IStoreHouse House(ProductSubject store)
    {
        if (!_houses.TryGetValue(store.Key, out var house))
        {
            _houses[store.Key] = house = store.Key == ProductSubject.Sqlite.Key ? new SqliteHouse(workplace) : new PostgreSqlHouse(workplace);
        }

        return house;
    }

    /// <summary>The store with that many finished events, as it was seeded. Not to be changed.</summary>
    public async Task<StorePlace> GetAsync(ProductSubject store, long events, CancellationToken cancellationToken)
    {
        if (!_places.TryGetValue((store.Key, events), out var place))
        {
            place = await House(store).NewAsync(cancellationToken);
            await SeedAsync(store, place, events, events / EventsPerSession, [], cancellationToken);
            _places[(store.Key, events)] = place;
        }

        return place;
    }

    /// <summary>A store with that many finished events. The caller may change it.</summary>
    public async Task<StorePlace> TakeAsync(ProductSubject store, long events, CancellationToken cancellationToken)
    {
        var place = await GetAsync(store, events, cancellationToken);
        return events > CopiedUpTo ? place : await House(store).CopyAsync(place, cancellationToken);
    }

    /// <summary>Ends a use of <see cref="TakeAsync"/>.</summary>
    public Task GiveBackAsync(ProductSubject store, StorePlace place, CancellationToken cancellationToken) =>
        _places.ContainsValue(place) ? Task.CompletedTask : House(store).RemoveAsync(place, cancellationToken);

    /// <summary>Fills an empty place.</summary>
    public async Task SeedAsync(
        ProductSubject store, StorePlace place, long events, long sessions, IEnumerable<string> options, CancellationToken cancellationToken)
    {
        Bench.Say(string.Create(CultureInfo.InvariantCulture, $"  seeding {store.Name}: {events:N0} events"));
        string[] arguments =
        [
            "seed", .. place.Arguments, .. options, "--events", events.ToString(CultureInfo.InvariantCulture),
            "--sessions", Math.Max(1, sessions).ToString(CultureInfo.InvariantCulture),
        ];
        await Ourselves.RunAsync(workplace, arguments, cancellationToken);
        await House(store).SettleAsync(place, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var house in _houses.Values)
        {
            await house.DisposeAsync();
        }
    }
}
