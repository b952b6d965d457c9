using System.CommandLine;
using System.CommandLine.Parsing;

namespace ClaudeDrive.Cli.Running;

/// <summary>Gives a command its action and the one place where failures become messages and exit codes.</summary>
internal static class Verb
{
    private const int LongestId = 512;

    public static Command Runs(this Command command, CliContext context, Func<CliRun, Task<int>> act)
    {
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, act, cancellationToken));
        return command;
    }

    public static Option<bool> JsonOption()
    {
        return new Option<bool>("--json") { Description = "Print one JSON document on standard output" };
    }

    public static Argument<string> IdArgument(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(CheckIds);
        return argument;
    }

    /// <summary>Adds an error for each token that cannot be one segment of a path.</summary>
    public static void CheckIds(ArgumentResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (string.IsNullOrWhiteSpace(token.Value) || token.Value is "." or ".." || token.Value[0] == '-' || token.Value.Length > LongestId)
            {
                result.AddError($"'{token.Value.Split('=')[0]}' is not an id.");
            }
        }
    }

    private static async Task<int> RunAsync(
        CliContext context, ParseResult parsed, Func<CliRun, Task<int>> act, CancellationToken cancellationToken)
    {
        using var run = new CliRun(context, parsed, cancellationToken);
        try
        {
            return await act(run);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            context.Err.Line("stopped");
            return ExitCode.Failed;
        }
        catch (CliException failure)
        {
            context.Err.Failure(failure);
            return failure.ExitCode;
        }
    }
}
