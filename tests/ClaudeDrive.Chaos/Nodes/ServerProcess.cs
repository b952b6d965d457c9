using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using ClaudeDrive.SecretScan;

namespace ClaudeDrive.Chaos.Nodes;

/// <summary><c>claudedrive serve</c>, or a program like it, as a process of its own, which the caller may pause and kill.</summary>
internal sealed class ServerProcess : IDisposable
{
    // Numbers of signals on Linux, signal(7).
    private const int SignalStop = 19;
    private const int SignalContinue = 18;

    // errno(3): no such process, so it ended just now.
    private const int NoSuchProcess = 3;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly SemaphoreSlim _heard = new(0);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<string> _hear;

    private ServerProcess(ServerSetup setup)
    {
        _hear = setup.Hear ?? Keep;
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

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => HearError(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("the server ended before it listened"));
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>How it ended: 137 after SIGKILL. Only once it has.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote, errors included, unless somebody else hears it.</summary>
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

    /// <summary>Starts the program and returns when it says that it listens. Throws <see cref="InvalidOperationException"/> when it ends before.</summary>
    public static async Task<ServerProcess> StartAsync(ServerSetup setup, CancellationToken cancellationToken)
    {
        var server = Begin(setup);
        try
        {
            await server._ready.Task.WaitAsync(cancellationToken);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Starts the program and returns at once.</summary>
    public static ServerProcess Begin(ServerSetup setup)
    {
        var server = new ServerProcess(setup);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Completes when it says that it listens; fails when it ended before.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Completes when it has ended and everything it wrote was heard.</summary>
    public Task ExitedAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

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
        Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>SIGKILL, and returns at once.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGSTOP: it keeps its sockets, files and leases, and does nothing.</summary>
    public void Pause() => Signal(SignalStop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal(SignalContinue);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _heard.Dispose();
        SuiteOutput.Write("process", Output);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);

    private void Signal(int signal)
    {
        if (!_process.HasExited && SendSignal(_process.Id, signal) != 0 && Marshal.GetLastPInvokeError() != NoSuchProcess)
        {
            throw new InvalidOperationException(
                FormattableString.Invariant($"signal {signal} did not reach process {_process.Id}: error {Marshal.GetLastPInvokeError()}"));
        }
    }

    private void Hear(string? line)
    {
        if (line is not null)
        {
            _hear(line);
        }
    }

    private void HearError(string? line)
    {
        Hear(line);
        if (line?.StartsWith("ClaudeDrive serves", StringComparison.Ordinal) == true)
        {
            _ready.TrySetResult();
        }
        else if (line?.StartsWith("told ", StringComparison.Ordinal) == true)
        {
            _heard.Release();
        }
    }

    private void Keep(string line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
