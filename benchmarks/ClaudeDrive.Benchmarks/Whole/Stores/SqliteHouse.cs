namespace ClaudeDrive.Benchmarks.Whole.Stores;

/// <summary>Data directories with a SQLite database.</summary>
internal sealed class SqliteHouse(Workplace workplace) : IStoreHouse
{
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<StorePlace> NewAsync(CancellationToken cancellationToken) => Task.FromResult(New());

    /// <inheritdoc/>
    public Task<StorePlace> CopyAsync(StorePlace place, CancellationToken cancellationToken)
    {
        var copy = New();
        foreach (var file in Directory.EnumerateFiles(place.Directory))
        {
            File.Copy(file, Path.Combine(copy.Directory, Path.GetFileName(file)));
        }

        return Task.FromResult(copy);
    }

    /// <inheritdoc/>
    public Task SettleAsync(StorePlace place, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<long> BytesAsync(StorePlace place, CancellationToken cancellationToken) =>
        Task.FromResult(new DirectoryInfo(place.Directory).EnumerateFiles().Sum(static file => file.Length));

    /// <inheritdoc/>
    public Task<long?> DeadBytesAsync(StorePlace place, CancellationToken cancellationToken) => Task.FromResult<long?>(null);

    /// <inheritdoc/>
    public Task RemoveAsync(StorePlace place, CancellationToken cancellationToken)
    {
        _directories.Remove(place.Directory);
        Directory.Delete(place.Directory, recursive: true);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var directory in _directories)
        {
            Directory.Delete(directory, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    private StorePlace New()
    {
        var directory = workplace.NewDirectory("store");
        _directories.Add(directory);
        return new StorePlace(directory);
    }
}
