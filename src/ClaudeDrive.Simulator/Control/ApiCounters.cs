namespace ClaudeDrive.Simulator.Control;

/// <summary>Counts requests to <c>/v1</c>. Thread-safe.</summary>
internal sealed class ApiCounters
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _routes = new(StringComparer.Ordinal);
    private long _reads;
    private long _writes;
    private long _requests;

    /// <summary>Number of the next request in this world, from 1; never reset.</summary>
    public long NextRequest() => Interlocked.Increment(ref _requests);

    /// <summary>Counts one request to a route, for example <c>GET /v1/sessions/{id}</c>.</summary>
    public void Count(string method, string route)
    {
        lock (_gate)
        {
            if (method is "GET" or "HEAD")
            {
                _reads++;
            }
            else
            {
                _writes++;
            }

            var key = method + " " + route;
            _routes[key] = _routes.GetValueOrDefault(key) + 1;
        }
    }

    /// <summary>Sets all counts to zero.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _reads = 0;
            _writes = 0;
            _routes.Clear();
        }
    }

    /// <summary>The counts now.</summary>
    public (long Reads, long Writes, IReadOnlyDictionary<string, long> ByRoute) Snapshot()
    {
        lock (_gate)
        {
            return (_reads, _writes, new SortedDictionary<string, long>(_routes, StringComparer.Ordinal));
        }
    }
}
