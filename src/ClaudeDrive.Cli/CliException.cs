namespace ClaudeDrive.Cli;

/// <summary>Ends a verb with a message for a person. Never carries a secret, a signature or an API key.</summary>
internal sealed class CliException(string message) : Exception(message)
{
    public int ExitCode { get; init; } = Cli.ExitCode.Failed;

    /// <summary>The server's stable code, when it gave one.</summary>
    public string? Code { get; init; }

    /// <summary>What to do now, as one sentence or command.</summary>
    public string? NextStep { get; init; }

    /// <summary>True when the same request may succeed a little later without anybody doing anything.</summary>
    public bool Passing { get; init; }

    public static CliException Usage(string message, string? nextStep = null)
    {
        return new CliException(message) { ExitCode = Cli.ExitCode.WrongUsage, NextStep = nextStep };
    }
}
