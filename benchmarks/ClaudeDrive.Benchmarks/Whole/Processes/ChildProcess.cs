using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ClaudeDrive.Benchmarks.Whole.Processes;

/// <summary>
/// A program under measurement. Its output goes to a file without passing through us; disposing it kills it, which its durability must stand.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>Longest wait for a program to listen.</summary>
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _log;

    private ChildProcess(Process process, string log)
    {
        _process = process;
        _log = log;
    }

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>Starts <paramref name="program"/>; <paramref name="environment"/> is added to ours.</summary>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, string log, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        // The shell becomes the program, so the number stays.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        foreach (var argument in (string[])["-c", "log=$1; shift; exec \"$@\" > \"$log\" 2>&1", "sh", log, program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."), log);
    }

    /// <summary>Waits until something listens on the port; throws with the end of the program's output when the program ends instead.</summary>
    public async Task WaitForPortAsync(int port, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await ListensAsync(port, cancellationToken))
            {
                return;
            }

            await ThrowIfEndedAsync(cancellationToken);
            if (Stopwatch.GetElapsedTime(started) > StartTimeout)
            {
                throw new InvalidOperationException($"Nothing listens on port {port}; see {_log}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken);
        }
    }

    /// <summary>Throws with the end of the program's output when it has ended.</summary>
    public async Task ThrowIfEndedAsync(CancellationToken cancellationToken)
    {
        if (_process.HasExited)
        {
            var output = File.Exists(_log) ? await File.ReadAllTextAsync(_log, cancellationToken) : string.Empty;
            throw new InvalidOperationException($"A program ended with {_process.ExitCode}: {output[Math.Max(0, output.Length - 2000)..]}");
        }
    }

    /// <summary>Waits for the program's own end; its exit code.</summary>
    public async Task<int> WaitForEndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false; // Not yet.
        }
    }
}
