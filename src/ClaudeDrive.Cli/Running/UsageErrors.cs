using System.CommandLine;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Running;

/// <summary>Says what is wrong with a command line, and where its help is.</summary>
internal static class UsageErrors
{
    public static int Report(ParseResult parsed, CliContext context)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0)
        {
            var stranger = parsed.UnmatchedTokens.FirstOrDefault(token => !token.StartsWith('-'));
            var what = stranger is null || parsed.UnmatchedTokens[0] != stranger ? "needs one more word" : $"has no verb '{stranger}'";
            context.Err.Failure(CliException.Usage(Discreet($"{CommandPath(command)} {what}; it knows:", parsed)));
            var verbs = new FieldList();
            foreach (var verb in command.Subcommands)
            {
                verbs.Add(verb.Name, verb.Description ?? string.Empty);
            }

            verbs.Write(context.Err, indent: 2);
            context.Err.Hint("next", "see " + CommandPath(command) + " --help");
            return ExitCode.WrongUsage;
        }

        foreach (var message in parsed.Errors.Select(error => Discreet(error.Message, parsed)).Distinct(StringComparer.Ordinal))
        {
            context.Err.Failure(CliException.Usage(message));
        }

        context.Err.Hint("next", "see " + CommandPath(command) + " --help");
        return ExitCode.WrongUsage;
    }

    /// <summary>
    /// A mistyped option may carry a key after its equals sign, and the words behind it may be one: neither is repeated.
    /// </summary>
    private static string Discreet(string message, ParseResult parsed)
    {
        var keyNear = false;
        foreach (var token in parsed.Tokens.Select(token => token.Value).Where(token => token.Length > 0))
        {
            var equals = token.IndexOf('=', StringComparison.Ordinal);
            if (token[0] == '-')
            {
                keyNear = LooksLikeKeyOption(token) || parsed.UnmatchedTokens.Contains(token, StringComparer.Ordinal);
                message = equals > 0 ? message.Replace(token, token[..equals] + "=…", StringComparison.Ordinal) : message;
            }
            else if (keyNear)
            {
                message = message.Replace($"'{token}'", "'…'", StringComparison.Ordinal);
            }
        }

        return message;
    }

    private static bool LooksLikeKeyOption(string token)
    {
        return token.Contains("key", StringComparison.OrdinalIgnoreCase) || token.Contains("secret", StringComparison.OrdinalIgnoreCase);
    }

    private static string CommandPath(Command command)
    {
        var names = new List<string>();
        for (Symbol? at = command; at is Command; at = at.Parents.FirstOrDefault())
        {
            names.Insert(0, at is RootCommand ? "claudedrive" : at.Name);
        }

        return string.Join(' ', names);
    }
}
