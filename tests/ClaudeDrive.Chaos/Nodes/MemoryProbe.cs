using System.Collections.Concurrent;
using System.Globalization;

namespace ClaudeDrive.Chaos.Nodes;

/// <summary>Looks at the memory of every node once a second, until cancelled.</summary>
internal sealed class MemoryProbe(IReadOnlyList<Node> nodes, TimeProvider time) : IDisposable
{
    private const string HeapMetric = "dotnet_gc_last_collection_heap_size_bytes{";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMilliseconds(500) };
    private readonly ConcurrentQueue<MemorySample> _samples = new();

    /// <summary>Everything seen so far; one sample a second and node, so bounded by the length of the run.</summary>
    public IReadOnlyCollection<MemorySample> Samples => _samples;

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await Task.WhenAll(nodes.Select(node => LookAsync(node, cancellationToken)));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run ends.
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task LookAsync(Node node, CancellationToken cancellationToken)
    {
        if (node.Life is not { Listened: true } life || Resident(life.Process.Id) is not { } resident)
        {
            return;
        }

        var heap = await HeapAsync(node, cancellationToken);
        _samples.Enqueue(new MemorySample(node.Number, life.Number, time.GetUtcNow() - life.Born, resident, heap));
    }

    // VmRSS in /proc/PID/status, proc(5), in kB; null when the process ended just now.
    private static long? Resident(int processId)
    {
        try
        {
            var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status"))
                .FirstOrDefault(static text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
            return line is null ? null : 1024 * long.Parse(line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<long?> HeapAsync(Node node, CancellationToken cancellationToken)
    {
        try
        {
            var text = await _http.GetStringAsync(new Uri(node.Parts.Setup.Url + "/metrics"), cancellationToken);
            var sizes = text.Split('\n')
                .Where(static line => line.StartsWith(HeapMetric, StringComparison.Ordinal))
                .Select(static line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture))
                .ToArray();
            return sizes.Length > 0 ? (long)sizes.Sum() : null;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null; // Paused, killed or busy: its resident memory is known all the same.
        }
    }
}
