namespace ClaudeDrive.Chaos.Front;

/// <summary>
/// Which nodes get requests: those whose <c>/healthz/live</c> answered the last time. A load balancer's view: it may be wrong for as long as the
/// time between two looks. Thread-safe.
/// </summary>
internal sealed class Rotation : IDisposable
{
    /// <summary>Time between two looks, and the longest wait for one answer. Chosen: what load balancers are set to, shortened with everything else.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Patience };
    private readonly IReadOnlyList<Uri> _nodes;
    private readonly bool[] _live;
    private readonly TimeProvider _time;
    private int _turn;

    public Rotation(IReadOnlyList<Uri> nodes, TimeProvider time)
    {
        _nodes = nodes;
        _time = time;
        _live = new bool[nodes.Count];
    }

    /// <summary>Every live node once, beginning with the one whose turn it is.</summary>
    public IReadOnlyList<Uri> Next()
    {
        var first = (int)((uint)Interlocked.Increment(ref _turn) % _nodes.Count);
        return [.. Enumerable.Range(first, _nodes.Count).Select(index => index % _nodes.Count).Where(index => Volatile.Read(ref _live[index])).Select(index => _nodes[index])];
    }

    /// <summary>Completes when every node is in rotation.</summary>
    public async Task FullAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval / 10, _time);
        while (Next().Count < _nodes.Count)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Looks at every node until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, _nodes.Count).Select(index => WatchAsync(index, cancellationToken)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run ends.
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task WatchAsync(int index, CancellationToken cancellationToken)
    {
        var address = new Uri(_nodes[index], "/healthz/live");
        using var timer = new PeriodicTimer(Interval, _time);
        do
        {
            Volatile.Write(ref _live[index], await IsLiveAsync(address, cancellationToken));
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task<bool> IsLiveAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException || (silent is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
