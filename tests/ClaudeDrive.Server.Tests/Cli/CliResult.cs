namespace ClaudeDrive.Server.Tests.Cli;

/// <summary>How one run of the program ended.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    public string Everything => Output + Error;
}
