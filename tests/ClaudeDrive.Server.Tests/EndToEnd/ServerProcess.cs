using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClaudeDrive.Cli.Api;
using Xunit;

namespace ClaudeDrive.Server.Tests.EndToEnd;

/// <summary><c>claudedrive serve</c>, or a program like it, as a process of its own, which a test may kill.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output;
    private readonly SemaphoreSlim _heard;

    private ServerProcess(Process process, StringBuilder output, SemaphoreSlim heard)
    {
        _process = process;
        _output = output;
        _heard = heard;
    }

    /// <summary>What it wrote, errors included.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>A loopback port that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts the program and returns when it says that it listens.</summary>
    public static async Task<ServerProcess> StartAsync(ServerSetup setup, CancellationToken cancellationToken)
    {
        var program = Path.Combine(AppContext.BaseDirectory, setup.Program);
        var start = new ProcessStartInfo("dotnet", [program, "serve", "--data", setup.DataDirectory, "--urls", setup.Url, .. setup.Arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in setup.Environment)
        {
            start.Environment[name] = value;
        }

        var output = new StringBuilder();
        var process = new Process { StartInfo = start };
        var heard = new SemaphoreSlim(0);
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.EnableRaisingEvents = true;
        process.ErrorDataReceived += (_, line) =>
        {
            Append(output, line.Data);
            if (line.Data?.StartsWith("ClaudeDrive serves", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult();
            }
            else if (line.Data?.StartsWith("told ", StringComparison.Ordinal) == true)
            {
                heard.Release();
            }
        };
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("the server ended by itself"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new ServerProcess(process, output, heard);
        using (cancellationToken.Register(() => ready.TrySetCanceled(cancellationToken)))
        {
            await ready.Task;
        }

        return server;
    }

    /// <summary>Writes a line to its standard input and waits until it says that it holds.</summary>
    public async Task TellAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        await _heard.WaitAsync(cancellationToken);
    }

    /// <summary>SIGKILL: no handler, no flush, no goodbye.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _heard.Dispose();
    }

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }
}

/// <summary>What a server process is started with.</summary>
internal sealed record ServerSetup(string Url, string DataDirectory, string ApiKey, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The program, beside the tests.</summary>
    public string Program { get; init; } = "claudedrive.dll";

    /// <summary>What it is told beyond its data and address.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>A client of it, as the administrator.</summary>
    public ApiClient Client() => new(ServerAddress.From(Url, ApiKey, static _ => null), TimeProvider.System);
}
