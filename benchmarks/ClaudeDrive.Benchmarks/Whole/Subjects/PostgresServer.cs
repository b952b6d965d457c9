using System.Globalization;
using System.Text.RegularExpressions;
using ClaudeDrive.Benchmarks.Whole.Processes;

namespace ClaudeDrive.Benchmarks.Whole.Subjects;

/// <summary>A private PostgreSQL of <c>eng/postgres</c>: empty, durable, on loopback, gone when it is disposed of.</summary>
internal sealed partial class PostgresServer : IAsyncDisposable
{
    private readonly string _script;
    private readonly string _directory;
    private readonly string _log;

    private PostgresServer(string script, string directory, string log, string connectionString)
    {
        _script = script;
        _directory = directory;
        _log = log;
        ConnectionString = connectionString;
        Port = int.Parse(PortOf().Match(connectionString).Groups[1].Value, CultureInfo.InvariantCulture);
        ProcessId = int.Parse(File.ReadLines(Path.Combine(directory, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
    }

    /// <summary>For Npgsql.</summary>
    public string ConnectionString { get; }

    /// <summary>Its port on loopback.</summary>
    public int Port { get; }

    /// <summary>The process that all its others descend from.</summary>
    public int ProcessId { get; }

    /// <summary>Makes an empty cluster and starts it.</summary>
    public static async Task<PostgresServer> StartAsync(SubjectSettings settings, CancellationToken cancellationToken)
    {
        var script = settings.Workplace.Script("postgres");
        var directory = settings.Workplace.NewDirectory("postgres");
        var log = directory + ".log";
        await using (var start = ChildProcess.Start(script, ["start", directory], log, settings.Environment))
        {
            if (await start.WaitForEndAsync(cancellationToken) != 0)
            {
                throw new InvalidOperationException(await File.ReadAllTextAsync(log, cancellationToken));
            }
        }

        const string Variable = "CLAUDEDRIVE_TEST_POSTGRES=";
        var line = (await File.ReadAllLinesAsync(log, cancellationToken)).First(static text => text.StartsWith(Variable, StringComparison.Ordinal));
        return new PostgresServer(script, directory, log, line[Variable.Length..]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await using var stop = ChildProcess.Start(_script, ["stop", _directory], _log);
        await stop.WaitForEndAsync(CancellationToken.None);
        File.Delete(_log);
    }

    [GeneratedRegex("Port=([0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex PortOf();
}
