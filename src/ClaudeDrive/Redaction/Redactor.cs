using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ClaudeDrive.Redaction;

/// <summary>
/// Takes out of a fetched document what must not be stored (ADR 0019). Pure: the same document under the same rules gives the same bytes, so that
/// what did not change makes no revision. Safe to use from many threads.
/// </summary>
internal sealed class Redactor(IReadOnlyList<CompiledRule> rules)
{
    /// <summary>The member that a changed document gets at its end: how many of its values were changed.</summary>
    public const string CountMember = "claudedrive_redactions";

    private static readonly Dictionary<string, int> NoCounts = [];

    private readonly Placeholders _placeholders = new(rules);

    // Members of the document itself that ClaudeDrive reads again from what it stored, or finds things by.
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "id", "type", "status", "enforcement_status", "evaluated_permission", "stop_reason", "budget",
    };

    /// <summary>No rules: everything stays as it came.</summary>
    public static Redactor None { get; } = new([]);

    /// <summary>True when there are no rules.</summary>
    public bool IsNone => rules.Count == 0;

    /// <summary>
    /// True for a member of the document itself that no rule changes: ids, types, states, instants, and the spending cap, whose hash an answer is bound
    /// to. Below them, and in members of the same name further down, rules apply.
    /// </summary>
    public static bool IsKept(string name) =>
        Kept.Contains(name) || name.EndsWith("_id", StringComparison.Ordinal) || name.EndsWith("_at", StringComparison.Ordinal);

    /// <summary>Redacts a document of a type: a session event's, or a resource's.</summary>
    public RedactedJson Redact(JsonElement document, string type)
    {
        var raw = JsonMarshal.GetRawUtf8Value(document);
        var wanted = rules.Where(rule => rule.IsFor(type)).ToArray();
        if (wanted.Length == 0)
        {
            return new RedactedJson(raw.ToArray(), NoCounts);
        }

        var buffer = new ArrayBufferWriter<byte>(raw.Length + 64);
        using var walk = new RedactionWalk(wanted, _placeholders, buffer);
        walk.Run(document);
        return walk.Counts.Count == 0 ? new RedactedJson(raw.ToArray(), NoCounts) : new RedactedJson(buffer.WrittenMemory, walk.Counts);
    }
}
