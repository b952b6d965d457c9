namespace ClaudeDrive.Redaction;

/// <summary>A document as it may be stored.</summary>
/// <param name="Json">UTF-8 JSON: the very bytes that came when nothing was taken out.</param>
/// <param name="Counts">How many values each rule changed, by its name; empty when nothing was.</param>
internal readonly record struct RedactedJson(ReadOnlyMemory<byte> Json, IReadOnlyDictionary<string, int> Counts)
{
    /// <summary>True when something was taken out.</summary>
    public bool IsChanged => Counts?.Count > 0;
}
