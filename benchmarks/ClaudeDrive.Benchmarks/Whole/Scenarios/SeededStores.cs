using System.Globalization;
using ClaudeDrive.Benchmarks.Whole.Processes;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>SQLite stores with a long life behind them, made at first use by <c>seed</c> and shared by the scenarios that need them.</summary>
internal sealed class SeededStores(Workplace workplace) : IAsyncDisposable
{
    /// <summary>Events of each session. Chosen: a long conversation.</summary>
    public const int EventsPerSession = 50;

    /// <summary>Up to here a store is copied for each use; a larger one is used again, since a run adds little to it.</summary>
    private const long CopiedUpTo = 100_000;

    private readonly Dictionary<long, string> _directories = [];

    /// <summary>A store with that many finished events. The caller may change it.</summary>
    public async Task<string> TakeAsync(long events, CancellationToken cancellationToken)
    {
        var original = await OriginalAsync(events, cancellationToken);
        if (events > CopiedUpTo)
        {
            return original;
        }

        var copy = workplace.NewDirectory("copy");
        foreach (var file in Directory.EnumerateFiles(original))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    /// <summary>Ends a use of <see cref="TakeAsync"/>.</summary>
    public void GiveBack(string directory)
    {
        if (!_directories.ContainsValue(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Bytes of a store that was just seeded.</summary>
    public async Task<long> BytesAsync(long events, CancellationToken cancellationToken) =>
        new DirectoryInfo(await OriginalAsync(events, cancellationToken)).EnumerateFiles().Sum(static file => file.Length);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var directory in _directories.Values)
        {
            Directory.Delete(directory, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    private async Task<string> OriginalAsync(long events, CancellationToken cancellationToken)
    {
        if (!_directories.TryGetValue(events, out var directory))
        {
            Bench.Say($"  seeding {events:N0} events");
            directory = workplace.NewDirectory("seeded");
            string[] arguments =
            [
                "seed", "--events", events.ToString(CultureInfo.InvariantCulture), "--data", directory,
                "--sessions", Math.Max(1, events / EventsPerSession).ToString(CultureInfo.InvariantCulture),
            ];
            await Ourselves.RunAsync(workplace, arguments, cancellationToken);
            _directories[events] = directory;
        }

        return directory;
    }
}
