using System.CommandLine;
using ClaudeDrive.Cli.Running;
using ClaudeDrive.Server;

namespace ClaudeDrive.Cli.Backups;

/// <summary>The data directory that a verb works on beside the server, as the server would choose it.</summary>
internal static class DataDirectory
{
    public static Option<string?> Option() => new("--data")
    {
        Description = "The server's data directory (default: the setting ClaudeDrive:DataDirectory from the environment, else ./claudedrive-data)",
        HelpName = "DIR",
    };

    /// <summary>Its full path. Throws <see cref="CliException"/> (wrong usage) when the store is a server of its own.</summary>
    public static string Of(CliRun run, Option<string?> option, string otherwise)
    {
        if (run.Context.Host.Variable("ClaudeDrive__Store") is { Length: > 0 } store && !store.Equals("sqlite", StringComparison.OrdinalIgnoreCase))
        {
            throw CliException.Usage($"the store is '{store}', which keeps nothing but its spool in the data directory", otherwise);
        }

        return Path.GetFullPath(run.Get(option) ?? run.Context.Host.Variable("ClaudeDrive__DataDirectory") ?? ServerOptions.DefaultDataDirectory);
    }
}
