namespace ClaudeDrive.Cli;

/// <summary>Everything the program takes from its surroundings, so that a test can give its own.</summary>
internal sealed record CliHost
{
    /// <summary>Columns assumed when the output is a pipe or a file: wide, so that no id is cut.</summary>
    private const int PipeWidth = 200;

    public required Stream Input { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Looks up an environment variable; null when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public bool InputIsTerminal { get; init; }

    public bool OutputIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = PipeWidth;

    public static CliHost OfThisProcess()
    {
        return new CliHost
        {
            Input = Console.OpenStandardInput(),
            Output = Console.Out,
            Error = Console.Error,
            Variable = Environment.GetEnvironmentVariable,
            InputIsTerminal = !Console.IsInputRedirected,
            OutputIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Width = TerminalWidth(),
        };
    }

    private static int TerminalWidth()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out var asked) && asked is >= 20 and <= 1000)
        {
            return asked;
        }

        try
        {
            return Console.IsOutputRedirected ? PipeWidth : Math.Max(Console.WindowWidth, 40);
        }
        catch (IOException)
        {
            return PipeWidth;
        }
    }
}
