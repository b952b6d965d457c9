namespace ClaudeDrive.Benchmarks.Whole.Stores;

/// <summary>Makes places for stores of one kind. Disposing it ends and removes all of them.</summary>
internal interface IStoreHouse : IAsyncDisposable
{
    /// <summary>An empty place.</summary>
    Task<StorePlace> NewAsync(CancellationToken cancellationToken);

    /// <summary>A copy of a place that nobody uses now.</summary>
    Task<StorePlace> CopyAsync(StorePlace place, CancellationToken cancellationToken);

    /// <summary>After much was written: what the database would do by itself a while later.</summary>
    Task SettleAsync(StorePlace place, CancellationToken cancellationToken);

    /// <summary>Bytes of what is stored there.</summary>
    Task<long> BytesAsync(StorePlace place, CancellationToken cancellationToken);

    /// <summary>Bytes of row versions that are dead and not yet cleaned up; null where the kind leaves none.</summary>
    Task<long?> DeadBytesAsync(StorePlace place, CancellationToken cancellationToken);

    /// <summary>Removes a place that nobody uses now.</summary>
    Task RemoveAsync(StorePlace place, CancellationToken cancellationToken);
}
