using System.Text.Json;
using ClaudeDrive.Hydration;
using ClaudeDrive.Redaction;

namespace ClaudeDrive.Contexts;

/// <summary>What one look may store of what it fetched, and how much the rules took out of what it stores. Of one plan; not safe to share.</summary>
internal sealed class RedactedSession(Redactor redactor)
{
    private static readonly Dictionary<string, int> NoCounts = [];

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Values taken out of what is new to the store, by rule.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>The object of a resource as it may be stored.</summary>
    public RedactedJson Object(JsonElement root, string type, ReadOnlyMemory<byte> json)
    {
        var redacted = redactor.IsNone ? default : redactor.Redact(root, type);
        return redacted.IsChanged ? redacted : new RedactedJson(json, NoCounts);
    }

    /// <summary>A session event as it may be stored: to read, and as bytes. Counted only when the store lacks it.</summary>
    public (JsonElement Shown, ReadOnlyMemory<byte> Json) Event(JsonElement element, SessionEventRecord record, bool isFresh)
    {
        if (redactor.IsNone)
        {
            return (element, record.Json);
        }

        var redacted = redactor.Redact(element, record.Type);
        if (!redacted.IsChanged)
        {
            return (element, record.Json);
        }

        if (isFresh)
        {
            Count(redacted);
        }

        using var document = ApiJson.Parse(redacted.Json);
        return (document.RootElement.Clone(), redacted.Json);
    }

    /// <summary>Counts what was taken out of something that is stored.</summary>
    public void Count(RedactedJson redacted)
    {
        foreach (var (rule, values) in redacted.Counts)
        {
            _counts[rule] = _counts.GetValueOrDefault(rule) + values;
        }
    }
}
