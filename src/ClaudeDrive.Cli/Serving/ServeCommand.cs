using System.CommandLine;
using ClaudeDrive.Cli.Running;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Server;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace ClaudeDrive.Cli.Serving;

/// <summary><c>serve</c>: receiver, workers, API and console in one process.</summary>
internal static class ServeCommand
{
    public static Command Create(CliContext context)
    {
        var data = new Option<string>("--data")
        {
            Description = "Directory for the database; made when missing (default ./claudedrive-data, or the setting ClaudeDrive:DataDirectory)",
            HelpName = "DIR",
        };
        data.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value) || token.Value.Contains('\0', StringComparison.Ordinal)
                || File.Exists(token.Value)))
            {
                result.AddError("--data is not a directory.");
            }
        });
        var urls = Checked.ListenUrls("http://127.0.0.1:4100");
        var settings = new Argument<string[]>("SETTING")
        {
            Description = "Settings for this run, such as --ClaudeDrive:Hydration:Concurrency=16; they win over environment and files",
            Arity = ArgumentArity.ZeroOrMore,
        };
        return new Command("serve", "Run the server: receiver, workers, API") { settings, data, urls }.Runs(context, run => RunAsync(
            run,
            new ServeSettings
            {
                DataDirectory = run.Get(data) is { } directory ? Path.GetFullPath(directory) : null,
                Urls = run.Has(urls) ? Checked.SplitUrls(run.Get(urls)!) : null,
                Configuration = ConfigurationArguments.Checked(run.Get(settings)),
            }));
    }

    private static async Task<int> RunAsync(CliRun run, ServeSettings settings)
    {
        WebApplication app;
        try
        {
            app = ServerHost.Build(new ServerOptions
            {
                Arguments = settings.Configuration,
                Urls = settings.Urls,
                DataDirectory = settings.DataDirectory,
                LogFormat = run.Context.Host.OutputIsTerminal ? LogFormat.Readable : LogFormat.Json,
                AnnounceAdminKey = key => Announce(run, key),
            });
        }
        catch (ServerSettingsException wrong)
        {
            foreach (var problem in wrong.Problems)
            {
                run.Err.Line(problem);
            }

            throw CliException.Usage(FormattableString.Invariant($"{wrong.Problems.Count} settings cannot be used"), "docs/operations.md lists every setting");
        }

        await using (app)
        {
            try
            {
                await app.StartAsync(run.Stop);
            }
            catch (Exception failure) when (failure is IOException or DriveStoreException or InvalidOperationException)
            {
                throw new CliException(failure.Message);
            }

            run.Err.Line("ClaudeDrive serves " + string.Join(", ", app.Urls) + "; receiver at /webhooks/claude; Ctrl+C stops it");
            await app.WaitForShutdownAsync(run.Stop);
        }

        return ExitCode.Done;
    }

    private static void Announce(CliRun run, string key)
    {
        run.Err.Line("The administrator's API key, shown this once. Keep it, and give it as CLAUDEDRIVE_API_KEY:");
        run.Err.Line("  " + key);
    }
}
