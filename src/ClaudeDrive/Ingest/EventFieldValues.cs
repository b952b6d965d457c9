using System.Runtime.CompilerServices;

namespace ClaudeDrive.Ingest;

/// <summary>The texts of one JSON object of a webhook body, by <see cref="EventField"/>; null where absent or not a usable text.</summary>
[InlineArray(Count)]
internal struct EventFieldValues
{
    /// <summary>Fields that are texts: all before <see cref="EventField.CreatedAt"/>.</summary>
    public const int Count = (int)EventField.CreatedAt;

    private string? _first;

    /// <summary>The text of one field.</summary>
    public readonly string? Get(EventField field) => this[(int)field];
}
