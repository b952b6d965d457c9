namespace ClaudeDrive.Cli;

/// <summary>The exit codes scripts rely on.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    public const int Failed = 1;

    public const int WrongUsage = 2;
}
