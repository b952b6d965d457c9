namespace ClaudeDrive.Redaction;

/// <summary>
/// What must never be stored: <c>ClaudeDrive:Redaction:Rules:N</c>. A path alone replaces every value there; a pattern alone replaces what it matches in
/// every text, number and member name; both together look for the pattern at and below the path. What was replaced reads <c>[redacted:NAME]</c>.
/// </summary>
public sealed class RedactionRule
{
    /// <summary>1 to 40 lower-case ASCII letters, digits, <c>-</c> and <c>_</c>, unique among the rules: it stands in what is stored, and in the metric.</summary>
    public string Name { get; set; } = "";

    /// <summary>
    /// A path of RFC 9535, of at most 32 steps, in the session event or the object as fetched: <c>$.input.card</c>, <c>$..email</c>,
    /// <c>$.metadata['customer name']</c>. No filters, slices or lists. Null: everywhere.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>
    /// A .NET regular expression of at most 1,000 characters, matched without backtracking, so in time that grows with the text only: no look-around, no
    /// back-references. Null: whatever the path names.
    /// </summary>
    public string? Pattern { get; set; }

    /// <summary>
    /// Types that the rule is for, exact or ending in <c>*</c>: of session events (<c>agent.custom_tool_use</c>, <c>user.*</c>) and of resources
    /// (<c>session</c>, <c>agent</c>). Empty: all.
    /// </summary>
    public IList<string> Types { get; } = [];
}
