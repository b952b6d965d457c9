using System.Text.RegularExpressions;

namespace ClaudeDrive.Redaction;

/// <summary>A rule that can be run.</summary>
/// <param name="Name">See <see cref="RedactionRule.Name"/>.</param>
/// <param name="Path">Where; null: everywhere.</param>
/// <param name="Pattern">What; null: the whole value.</param>
/// <param name="Types">See <see cref="RedactionRule.Types"/>.</param>
internal sealed record CompiledRule(string Name, JsonPath? Path, Regex? Pattern, IReadOnlyList<string> Types)
{
    /// <summary>What stands in the place of what was taken out.</summary>
    public string Placeholder { get; } = $"[redacted:{Name}]";

    /// <summary>True when documents of this type are looked at.</summary>
    public bool IsFor(string type) => Types.Count == 0 || Types.Any(wanted => wanted[^1] == '*'
        ? type.StartsWith(wanted.AsSpan(0, wanted.Length - 1), StringComparison.Ordinal)
        : wanted == type);
}
