using System.Text.RegularExpressions;

namespace ClaudeDrive.Redaction;

/// <summary>Reads rules into what can be run, or says of each what is wrong with it. Never with the text of a pattern: it may name a secret.</summary>
internal static class RedactionRules
{
    /// <summary>Rules at most. Chosen: every stored value meets every rule.</summary>
    public const int MaxRules = 100;

    /// <summary>Characters of a pattern at most. Chosen: longer ones are lists, which belong into several rules.</summary>
    public const int MaxPattern = 1000;

    private const int MaxName = 40;

    /// <summary>Compiles the rules; adds what is wrong to <paramref name="problems"/>, each with its configuration key. Rules with problems are left out.</summary>
    public static Redactor Compile(IList<RedactionRule> rules, ICollection<string> problems)
    {
        List<CompiledRule> compiled = [];
        if (rules.Count > MaxRules)
        {
            problems.Add($"ClaudeDrive:Redaction:Rules: must be at most {MaxRules}.");
        }

        for (var i = 0; i < rules.Count; i++)
        {
            var key = $"ClaudeDrive:Redaction:Rules:{i}";
            var (rule, before) = (rules[i], problems.Count);
            CheckName(rule, rules, i, key, problems);
            var path = rule.Path is null ? null : ReadPath(rule, key, problems);
            var pattern = rule.Pattern is null ? null : ReadPattern(rule.Pattern, key, problems);
            if (rule.Path is null && rule.Pattern is null)
            {
                problems.Add($"{key}: must have a Path, a Pattern, or both.");
            }

            if (rule.Types.Any(static type => type.Length == 0 || type.AsSpan(0, type.Length - 1).Contains('*')))
            {
                problems.Add($"{key}:Types: must be types, of which each may end in *.");
            }

            if (problems.Count == before)
            {
                compiled.Add(new CompiledRule(rule.Name, path, pattern, [.. rule.Types]));
            }
        }

        return compiled.Count == 0 ? Redactor.None : new Redactor(compiled);
    }

    private static void CheckName(RedactionRule rule, IList<RedactionRule> rules, int place, string key, ICollection<string> problems)
    {
        if (rule.Name.Length is 0 or > MaxName || !rule.Name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'))
        {
            problems.Add($"{key}:Name: must be 1 to {MaxName} lower-case letters, digits, - and _.");
        }
        else if (rules.Take(place).Any(other => other.Name == rule.Name))
        {
            problems.Add($"{key}:Name: another rule has this name.");
        }
    }

    private static JsonPath? ReadPath(RedactionRule rule, string key, ICollection<string> problems)
    {
        var path = JsonPath.Parse(rule.Path!, out var problem);
        if (path is null)
        {
            problems.Add($"{key}:Path: {problem}.");
        }
        else if (path.Steps is [{ IsDescendant: false, Name: { } name }] && Redactor.IsKept(name))
        {
            problems.Add($"{key}:Path: names what ClaudeDrive itself needs; it is always kept.");
            return null;
        }

        return path;
    }

    private static Regex? ReadPattern(string pattern, string key, ICollection<string> problems)
    {
        if (pattern.Length is 0 or > MaxPattern)
        {
            problems.Add($"{key}:Pattern: must have 1 to {MaxPattern} characters.");
            return null;
        }

        try
        {
            var regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            if (!regex.IsMatch(""))
            {
                return regex;
            }

            problems.Add($"{key}:Pattern: matches nothing at all, so it would match everywhere.");
        }
        catch (RegexParseException exception)
        {
            problems.Add($"{key}:Pattern: is no regular expression: {exception.Error} at character {exception.Offset + 1}.");
        }
        catch (NotSupportedException)
        {
            problems.Add($"{key}:Pattern: needs backtracking (look-around, back-references, atomic groups), which is not allowed.");
        }

        return null;
    }
}
