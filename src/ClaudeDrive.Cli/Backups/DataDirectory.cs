using System.CommandLine;
using ClaudeDrive.Cli.Running;
using ClaudeDrive.Server;
using Microsoft.Extensions.Configuration;

namespace ClaudeDrive.Cli.Backups;

/// <summary>The data directory that a verb works on beside the server, as the server would choose it.</summary>
internal static class DataDirectory
{
    public static Option<string?> Option() => new("--data")
    {
        Description = "The server's data directory (default: the setting ClaudeDrive:DataDirectory, else ./claudedrive-data)",
        HelpName = "DIR",
    };

    /// <summary>Its full path. Throws <see cref="CliException"/> (wrong usage) when the store is a server of its own.</summary>
    public static string Of(CliRun run, Option<string?> option, string otherwise)
    {
        if (Setting(run, "Store") is { } store && !store.Equals("sqlite", StringComparison.OrdinalIgnoreCase))
        {
            throw CliException.Usage($"the store is '{store}', which keeps nothing but its spool in the data directory", otherwise);
        }

        return Path.GetFullPath(run.Get(option) ?? Setting(run, "DataDirectory") ?? ServerOptions.DefaultDataDirectory);
    }

    /// <summary>A setting as the server reads it: from the environment, else from the files of this directory; null when it is not set.</summary>
    private static string? Setting(CliRun run, string name)
    {
        var variable = run.Context.Host.Variable;
        if (variable("ClaudeDrive__" + name) is { Length: > 0 } value)
        {
            return value;
        }

        var environment = variable("ASPNETCORE_ENVIRONMENT") ?? variable("DOTNET_ENVIRONMENT") ?? "Production";
        try
        {
            return new ConfigurationBuilder()
                .SetBasePath(Directory.GetCurrentDirectory())
                .AddJsonFile("appsettings.json", optional: true)
                .AddJsonFile($"appsettings.{environment}.json", optional: true)
                .Build()["ClaudeDrive:" + name] is { Length: > 0 } text ? text : null;
        }
        catch (InvalidDataException e)
        {
            throw CliException.Usage(e.Message);
        }
    }
}
