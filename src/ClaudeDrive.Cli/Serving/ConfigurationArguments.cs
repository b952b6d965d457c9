namespace ClaudeDrive.Cli.Serving;

/// <summary>Tells settings of the configuration from mistyped options on the command line of <c>serve</c>.</summary>
internal static class ConfigurationArguments
{
    /// <summary>The same tokens. Throws <see cref="CliException"/> (wrong usage) for one that is no setting.</summary>
    public static IReadOnlyList<string> Checked(IReadOnlyList<string> tokens)
    {
        return FirstStranger(tokens) is { } stranger
            ? throw CliException.Usage($"'{stranger}' is neither an option nor a setting such as --ClaudeDrive:Store=sqlite", "claudedrive serve --help")
            : tokens;
    }

    /// <summary>The first token that is no setting, without the value it may carry; null when all are settings.</summary>
    private static string? FirstStranger(IReadOnlyList<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var name = tokens[i].Split('=', 2)[0];
            var isSetting = name.TrimStart('-').Contains(':', StringComparison.Ordinal)
                || name.TrimStart('-').StartsWith("ANTHROPIC_", StringComparison.Ordinal);
            if (!isSetting)
            {
                return name;
            }

            // "--Key value": the value is the next token.
            if (name.Length == tokens[i].Length && name.StartsWith("--", StringComparison.Ordinal))
            {
                i++;
            }
        }

        return null;
    }
}
