using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Running;

/// <summary>What all verbs of one run share: the surroundings, the two screens and the global options.</summary>
internal sealed class CliContext
{
    public CliContext(CliHost host)
    {
        Host = host;
        var colourful = string.IsNullOrEmpty(host.Variable("NO_COLOR")) && host.Variable("TERM") != "dumb";
        Out = new Screen(host.Output, host.OutputIsTerminal && colourful, host.Width);
        Err = new Screen(host.Error, host.ErrorIsTerminal && colourful, host.Width);
    }

    public CliHost Host { get; }

    /// <summary>Results: tables, documents.</summary>
    public Screen Out { get; }

    /// <summary>Messages for people: errors, hints, progress.</summary>
    public Screen Err { get; }

    public DateTimeOffset Now => Host.Time.GetUtcNow();

    public Option<string?> ServerOption { get; } = new("--server")
    {
        Description = "Address of the server (or CLAUDEDRIVE_URL; default " + ServerAddress.Default + ")",
        HelpName = "URL",
        Recursive = true,
    };

    public Option<string?> ApiKeyOption { get; } = new("--api-key")
    {
        Description = "API key (better: CLAUDEDRIVE_API_KEY, which other users of the machine cannot see)",
        HelpName = "KEY",
        Recursive = true,
    };

    /// <summary>The server this run addresses. Throws <see cref="CliException"/> (wrong usage) for an unusable address or key.</summary>
    public ServerAddress Address(ParseResult parsed)
    {
        return ServerAddress.From(
            parsed.GetValue(ServerOption),
            parsed.GetValue(ApiKeyOption),
            Host.Variable);
    }
}
