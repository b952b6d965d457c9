using ClaudeDrive.Redaction;
using Microsoft.Extensions.Configuration;

namespace ClaudeDrive.Hosting;

/// <summary>Reads the rules of redaction. A key that nobody knows is a problem here: a rule that is misspelled would store what it is to keep out.</summary>
internal static class RedactionSettings
{
    /// <summary>Adds the rules of the section, in the order of their numbers.</summary>
    public static void Read(IConfigurationSection section, ClaudeDriveOptions options)
    {
        foreach (var unknown in section.GetChildren().Where(static child => !child.Key.Equals("Rules", StringComparison.OrdinalIgnoreCase)))
        {
            options.Unreadable.Add($"{unknown.Path}: is not known; expected Rules.");
        }

        var rules = section.GetSection("Rules");
        if (rules.Value is { Length: > 0 })
        {
            options.Unreadable.Add($"{rules.Path}: must be a list of rules.");
        }

        foreach (var entry in rules.GetChildren())
        {
            options.Redaction.Rules.Add(ReadRule(entry, options));
        }
    }

    private static RedactionRule ReadRule(IConfigurationSection entry, ClaudeDriveOptions options)
    {
        var rule = new RedactionRule();
        foreach (var setting in entry.GetChildren())
        {
            switch (setting.Key.ToUpperInvariant())
            {
                case "NAME":
                    rule.Name = setting.Value ?? "";
                    break;
                case "PATH":
                    rule.Path = setting.Value;
                    break;
                case "PATTERN":
                    rule.Pattern = setting.Value;
                    break;
                case "TYPES":
                    AddTypes(rule, setting);
                    break;
                default:
                    options.Unreadable.Add($"{setting.Path}: is not known; expected Name, Path, Pattern or Types.");
                    break;
            }
        }

        return rule;
    }

    private static void AddTypes(RedactionRule rule, IConfigurationSection setting)
    {
        var values = setting.Value is { } text
            ? text.Split(',', StringSplitOptions.TrimEntries)
            : setting.GetChildren().Select(static child => child.Value?.Trim() ?? "");
        foreach (var type in values)
        {
            rule.Types.Add(type);
        }
    }
}
