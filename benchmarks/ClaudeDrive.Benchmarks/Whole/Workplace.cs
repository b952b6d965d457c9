using System.Net;
using System.Net.Sockets;

namespace ClaudeDrive.Benchmarks.Whole;

/// <summary>Where programs are found and where a run may write. Directories lie on a real disk, never in memory: what is measured is durability.</summary>
internal sealed class Workplace(string repository, string scratch)
{
    /// <summary>Signing secret of every receiver. Of no account.</summary>
    public const string Secret = "whsec_BwwRFhsgJSovNDk+Q0hNUldcYWZrcHV6f4SJjpOYnaI=";

    private int _directories;

    /// <summary>Where everything of a run is written.</summary>
    public string Scratch { get; } = scratch;

    /// <summary>Top of the repository.</summary>
    public string Repository { get; } = repository;

    /// <summary>The shim that slows fsync; built by <c>eng/bench</c>.</summary>
    public string SlowFsync => Path.Combine(Scratch, "slow_fsync.so");

    /// <summary>The product.</summary>
    public string Server => Built("ClaudeDrive.Cli", "claudedrive");

    /// <summary>A program that was built from this repository.</summary>
    public string Built(string project, string? program = null) =>
        Path.Combine(Repository, "artifacts", "bin", project, "release", program ?? project);

    /// <summary>A script of a peer in Node.</summary>
    public string NodePeer(string file) => Path.Combine(Repository, "benchmarks", "peers", "node", file);

    /// <summary>A script of the folder <c>eng</c>.</summary>
    public string Script(string file) => Path.Combine(Repository, "eng", file);

    /// <summary>A directory that nobody used before.</summary>
    public string NewDirectory(string name)
    {
        var path = Path.Combine(Scratch, $"{Environment.ProcessId}-{++_directories}-{name}");
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>A port of loopback that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
