using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;

namespace ClaudeDrive.Storage.InMemory;

/// <summary>
/// The store without durability: for tests, and for programs that can afford to lose what was not applied when they stop (reconciliation finds
/// it again). One lock makes every method atomic; "durable when it returns" means visible to every later call. Revisions, transcripts and reviews
/// are never removed, so it grows with use.
/// </summary>
internal sealed partial class InMemoryDriveStore(TimeProvider time, Coalescing coalescing) : IDriveStore
{
    private const string Self = "claudedrive";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);
    private bool _disposed;
    private long _lastToken;

    /// <inheritdoc/>
    public ValueTask OpenAsync(CancellationToken cancellationToken) => CheckAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask<string?> FindSettingAsync(string name, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(_settings.GetValueOrDefault(name));
        }
    }

    /// <inheritdoc/>
    public ValueTask<string> AddSettingAsync(string name, string value, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(_settings.TryAdd(name, value) ? value : _settings[name]);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        return ValueTask.CompletedTask;
    }

    private Lock.Scope Enter(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var scope = _gate.EnterScope();
        if (_disposed)
        {
            scope.Dispose();
            throw new DriveStoreException("The store is closed.");
        }

        return scope;
    }

    /// <summary>Cuts one page out of all matching rows, newest first, and counts them.</summary>
    private static Page<T> Cut<T>(IEnumerable<T> matching, Func<T, long> position, PageRequest page)
    {
        var limit = Math.Clamp(page.Limit, 1, PageRequest.MaxLimit);
        var items = new List<T>();
        long? next = null;
        long total = 0;
        foreach (var row in matching)
        {
            total++;
            if (position(row) >= page.Before)
            {
                continue;
            }

            if (items.Count < limit)
            {
                items.Add(row);
            }
            else
            {
                next ??= position(items[^1]);
            }
        }

        return new Page<T>(items, next, total);
    }

    private static IEnumerable<T> NewestFirst<T>(List<T> rows)
    {
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            yield return rows[i];
        }
    }
}
