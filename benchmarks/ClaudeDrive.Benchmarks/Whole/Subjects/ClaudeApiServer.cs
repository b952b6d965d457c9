using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Benchmarks.Whole.Processes;

namespace ClaudeDrive.Benchmarks.Whole.Subjects;

/// <summary>The stand-in for the Claude API: every read answered after a fixed delay, and counted.</summary>
internal sealed class ClaudeApiServer : IAsyncDisposable
{
    private static readonly HttpClient Http = new();

    private readonly ChildProcess _process;
    private readonly string _directory;

    private ClaudeApiServer(ChildProcess process, string directory, int port)
    {
        _process = process;
        _directory = directory;
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    /// <summary>What workers are told.</summary>
    public Uri Address { get; }

    /// <summary>Starts one that takes that long for each answer.</summary>
    public static async Task<ClaudeApiServer> StartAsync(Workplace workplace, double delayMilliseconds, CancellationToken cancellationToken)
    {
        var (directory, port) = (workplace.NewDirectory("api"), Workplace.FreePort());
        string[] arguments = ["claude-api", $"http://127.0.0.1:{port}", delayMilliseconds.ToString(CultureInfo.InvariantCulture)];
        var process = ChildProcess.Start(workplace.Built("ClaudeDrive.Peers"), arguments, Path.Combine(directory, "log"));
        var server = new ClaudeApiServer(process, directory, port);
        try
        {
            await process.WaitForPortAsync(port, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads of sessions so far, and reads of anything.</summary>
    public async Task<(long Sessions, long All)> ReadsAsync(CancellationToken cancellationToken)
    {
        using var reads = JsonDocument.Parse(await Http.GetStringAsync(new Uri(Address, "/reads"), cancellationToken));
        long Of(string name) => reads.RootElement.GetProperty(name).GetInt64();
        return (Of("sessions"), Of("sessions") + Of("events") + Of("lists"));
    }

    /// <summary>Exports of traces that it has taken as a collector so far.</summary>
    public async Task<long> ExportsAsync(CancellationToken cancellationToken)
    {
        using var reads = JsonDocument.Parse(await Http.GetStringAsync(new Uri(Address, "/reads"), cancellationToken));
        return reads.RootElement.GetProperty("exports").GetInt64();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
