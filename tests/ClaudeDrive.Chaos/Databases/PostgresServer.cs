using System.Globalization;
using ClaudeDrive.Chaos.Nodes;

namespace ClaudeDrive.Chaos.Databases;

/// <summary>
/// A private PostgreSQL server on loopback with a cluster of its own, synced to the disk as in production. Started and stopped by us alone; disposing
/// it stops it and removes the cluster.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Longest wait for a start or a stop. Chosen: a recovery after a crash takes seconds in these runs.</summary>
    private const int PatienceSeconds = 60;

    private readonly PostgresPrograms _programs;
    private readonly string _directory;
    private readonly SemaphoreSlim _turn = new(1);
    private int _holds;
    private bool _isUp;

    private PostgresServer(PostgresPrograms programs, string directory)
    {
        _programs = programs;
        _directory = directory;
        Port = Ports.Free();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>How often it was stopped so far.</summary>
    public int Stops { get; private set; }

    /// <summary>Its log.</summary>
    public string LogPath => Path.Combine(_directory, "log");

    private string Cluster => Path.Combine(_directory, "data");

    /// <summary>Makes a cluster with the database <c>claudedrive</c> and starts it. Throws <see cref="InvalidOperationException"/> when PostgreSQL is not installed.</summary>
    public static async Task<PostgresServer> StartAsync(CancellationToken cancellationToken)
    {
        var programs = PostgresPrograms.Find();
        var directory = Directory.CreateTempSubdirectory("claudedrive-pg-").FullName;
        var server = new PostgresServer(programs, directory);
        try
        {
            await programs.GiveAsync(directory, cancellationToken);
            await programs.RunAsync(directory, "initdb", ["-D", server.Cluster, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"], cancellationToken);
            await server.BeginAsync(cancellationToken);
            string[] database = ["-h", "127.0.0.1", "-p", server.Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "claudedrive"];
            await programs.RunAsync(directory, "createdb", database, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it, when it runs, and keeps it down until as many <see cref="ReleaseAsync"/> were called.</summary>
    public async Task HoldAsync(StopMode mode, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _holds++;
            if (_isUp)
            {
                Stops++;
                await StopAsync(mode, cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Starts it again when nobody holds it any more, and returns when it takes connections.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (--_holds == 0)
            {
                await BeginAsync(cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Cluster, "postmaster.pid")))
        {
            await StopAsync(StopMode.Immediate, CancellationToken.None);
        }

        Directory.Delete(_directory, recursive: true);
        _turn.Dispose();
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        // Many nodes with pools of their own; the rest is as installed, fsync included.
        var settings = string.Create(CultureInfo.InvariantCulture, $"-p {Port} -h 127.0.0.1 -k {_directory} -c max_connections=300");
        await ControlAsync(["-l", LogPath, "-o", settings, "start"], cancellationToken);
        _isUp = true;
    }

    private async Task StopAsync(StopMode mode, CancellationToken cancellationToken)
    {
        await ControlAsync(["-m", mode == StopMode.Fast ? "fast" : "immediate", "stop"], cancellationToken);
        _isUp = false;
    }

    private Task ControlAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) => _programs.RunAsync(
        _directory, "pg_ctl", ["-D", Cluster, "-w", "-t", PatienceSeconds.ToString(CultureInfo.InvariantCulture), .. arguments], cancellationToken);
}
