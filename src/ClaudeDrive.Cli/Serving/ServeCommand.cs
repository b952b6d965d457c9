using System.CommandLine;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Serving;

/// <summary><c>serve</c>: receiver, workers, API and console in one process.</summary>
internal static class ServeCommand
{
    public static Command Create(CliContext context)
    {
        var data = new Option<string>("--data")
        {
            Description = "Directory for the database, the spool and the key ring; made when missing",
            HelpName = "DIR",
            DefaultValueFactory = _ => "./claudedrive-data",
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
        var command = new Command("serve", "Run the server: receiver, workers, API, console")
        {
            data, urls,
        };

        // Settings pass through to .NET's configuration.
        command.TreatUnmatchedTokensAsErrors = false;
        return command.Runs(context, run => RunAsync(
            run,
            new ServeSettings
            {
                DataDirectory = Path.GetFullPath(run.Get(data)!),
                Urls = Checked.SplitUrls(run.Get(urls)!),
                Configuration = ConfigurationArguments.Checked(run.Parsed.UnmatchedTokens),
            }));
    }

    private static Task<int> RunAsync(CliRun run, ServeSettings settings)
    {
        throw new CliException($"serve is not wired yet (would listen on {string.Join(", ", settings.Urls)})");
    }
}
