using System.Text;
using System.Text.RegularExpressions;

namespace ClaudeDrive.Redaction;

/// <summary>Puts placeholders into a text without looking into those that are there: a rule for <c>\w+</c> must not eat another's placeholder.</summary>
internal sealed class Placeholders(IEnumerable<CompiledRule> rules)
{
    // Those of the rules that run and no others: an agent must not hide a number from a rule by writing it as [redacted:4111…].
    private readonly Regex _ours = new(string.Join('|', rules.Select(static rule => Regex.Escape(rule.Placeholder))), RegexOptions.NonBacktracking);

    /// <summary>Replaces every match outside of placeholders. Returns the same text when there is none.</summary>
    public string Replace(string text, Regex pattern, string placeholder)
    {
        var replaced = 0;
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var old in _ours.EnumerateMatches(text))
        {
            Append(text[at..old.Index]);
            result.Append(text, old.Index, old.Length);
            at = old.Index + old.Length;
        }

        Append(text[at..]);
        return replaced == 0 ? text : result.ToString();

        void Append(string part) => result.Append(pattern.Replace(part, _ =>
        {
            replaced++;
            return placeholder;
        }));
    }
}
