using System.CommandLine;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Listing;

/// <summary>One option that narrows a list, sent to the server as one query parameter.</summary>
internal sealed class Filter
{
    private readonly string _parameter;
    private readonly Func<string, DateTimeOffset, string?> _read;

    private Filter(string parameter, Option<string?> option, Func<string, DateTimeOffset, string?> read)
    {
        _parameter = parameter;
        _read = read;
        Option = option;
    }

    public Option<string?> Option { get; }

    /// <summary>Any text that is not empty. The option is named after the parameter; <c>_id</c> may be left out.</summary>
    public static Filter Text(string parameter, string description, string helpName)
    {
        var name = "--" + parameter.Replace('_', '-');
        string[] aliases = parameter.EndsWith("_id", StringComparison.Ordinal) ? [name[..^"-id".Length]] : [];
        var option = new Option<string?>(name, aliases) { Description = description, HelpName = helpName };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            {
                result.AddError($"{name} needs a value.");
            }
        });
        return new Filter(parameter, option, (text, _) => text);
    }

    /// <summary>One of a closed set of values.</summary>
    public static Filter OneOf(string parameter, string description, params string[] values)
    {
        var option = new Option<string?>("--" + parameter.Replace('_', '-'))
        {
            Description = description,
            HelpName = string.Join('|', values),
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !values.Contains(result.Tokens[0].Value, StringComparer.Ordinal))
            {
                result.AddError($"{option.Name} '{result.Tokens[0].Value}' is none of {string.Join(", ", values)}.");
            }
        });
        return new Filter(parameter, option, (text, _) => text);
    }

    /// <summary>An instant, sent as RFC 3339 in UTC.</summary>
    public static Filter Instant(string parameter, string description)
    {
        var option = new Option<string?>("--" + parameter) { Description = description, HelpName = "TIME" };
        return new Filter(parameter, option, (text, now) => InstantText.Read(text, now) is { } instant ? InstantText.Write(instant) : null);
    }

    /// <summary>The parameter of this run; null when the option was not given. Throws <see cref="CliException"/> (wrong usage).</summary>
    public KeyValuePair<string, string>? Value(CliRun run)
    {
        if (run.Get(Option) is not { } text)
        {
            return null;
        }

        var value = _read(text, run.Now)
            ?? throw CliException.Usage($"{Option.Name} '{text}' is not a time", "give RFC 3339 like 2026-03-18T14:05:22Z, or an age like 15m, 6h, 2d");
        return new(_parameter, value);
    }
}
