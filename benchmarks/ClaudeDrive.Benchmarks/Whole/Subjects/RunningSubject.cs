using System.Diagnostics;
using ClaudeDrive.Benchmarks.Whole.Processes;

namespace ClaudeDrive.Benchmarks.Whole.Subjects;

/// <summary>A subject while it runs. Disposing it ends its processes, the newest first, and removes its files.</summary>
internal sealed class RunningSubject(string directory) : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = [];

    /// <summary>Where it writes.</summary>
    public string Directory { get; } = directory;

    /// <summary>Its port on loopback.</summary>
    public int Port { get; } = Workplace.FreePort();

    /// <summary>Where deliveries go.</summary>
    public Uri Target => new($"http://127.0.0.1:{Port}/webhooks/claude");

    /// <summary>Its own process.</summary>
    public List<int> Servers { get; } = [];

    /// <summary>Processes of the database or queue behind it.</summary>
    public List<int> Databases { get; } = [];

    /// <summary>When its own process was started, in the time of <see cref="Stopwatch"/>.</summary>
    public long ServedSince { get; private set; }

    /// <summary>What it tells about itself; null for peers.</summary>
    public MetricsPage? Metrics { get; set; }

    /// <summary>Starts the receiver itself and waits until it listens.</summary>
    public async Task<ChildProcess> ServeAsync(
        string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, CancellationToken cancellationToken)
    {
        ServedSince = Stopwatch.GetTimestamp();
        var server = Own(ChildProcess.Start(program, arguments, Path.Combine(Directory, "server.log"), environment));
        Servers.Add(server.Id);
        await server.WaitForPortAsync(Port, cancellationToken);
        return server;
    }

    /// <summary>Takes over a part, which ends with this.</summary>
    public T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }

        if (System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}
