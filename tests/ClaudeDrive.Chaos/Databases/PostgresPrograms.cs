using System.Diagnostics;

namespace ClaudeDrive.Chaos.Databases;

/// <summary>The programs of an installed PostgreSQL. They refuse to run as root, so root runs them as the user that the package made.</summary>
internal sealed class PostgresPrograms
{
    private const string Owner = "postgres";

    private readonly string _directory;

    private PostgresPrograms(string directory) => _directory = directory;

    /// <summary>The newest version of Debian's layout, else what the path has. Throws <see cref="InvalidOperationException"/> when there is none.</summary>
    public static PostgresPrograms Find()
    {
        const string Debian = "/usr/lib/postgresql";
        var places = (Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [])
            .OrderByDescending(static place => int.TryParse(Path.GetFileName(place), out var version) ? version : 0)
            .Select(static place => Path.Combine(place, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
        return places.FirstOrDefault(static place => File.Exists(Path.Combine(place, "initdb"))) is { } found
            ? new PostgresPrograms(found)
            : throw new InvalidOperationException("PostgreSQL's server programs (initdb, pg_ctl) are not installed; on Debian: apt-get install postgresql");
    }

    /// <summary>Makes the directory the server's own.</summary>
    public async Task GiveAsync(string directory, CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await StartAsync(directory, ["chown", Owner + ":", directory], cancellationToken);
        }
    }

    /// <summary>Runs one of them to its end; what it writes goes to a file in the directory. Throws <see cref="InvalidOperationException"/> with that when it fails.</summary>
    public Task RunAsync(string directory, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_directory, program);
        return Environment.IsPrivilegedProcess
            ? StartAsync(directory, ["runuser", "-u", Owner, "--", path, .. arguments], cancellationToken)
            : StartAsync(directory, [path, .. arguments], cancellationToken);
    }

    private static async Task StartAsync(string directory, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        // A pipe would not do: a server that pg_ctl starts inherits it and keeps it open for as long as it runs.
        var output = Path.Combine(directory, "commands.log");
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" > \"$0\" 2>&1", output, .. command]) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            var said = File.Exists(output) ? await File.ReadAllTextAsync(output, cancellationToken) : "";
            throw new InvalidOperationException($"'{string.Join(' ', command)}' ended with {process.ExitCode}: {said.Trim()}");
        }
    }
}
