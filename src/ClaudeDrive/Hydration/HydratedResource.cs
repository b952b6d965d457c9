using System.Text.Json;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Hydration;

/// <summary>What one look at the API brought.</summary>
internal sealed record HydratedResource
{
    /// <summary>The resource.</summary>
    public required ResourceKey Resource { get; init; }

    /// <summary>The object as fetched.</summary>
    public required ApiObject Object { get; init; }

    /// <summary>Sessions: events since the cursor, with overlap, in the API's order. Other kinds: none.</summary>
    public IReadOnlyList<JsonElement> Events { get; init; } = [];

    /// <summary>True when <see cref="Events"/> is the history from its beginning.</summary>
    public bool IsWholeHistory { get; init; }

    /// <summary>Request ids of all answers, in order.</summary>
    public required IReadOnlyList<string> RequestIds { get; init; }

    /// <summary>When the look began, by our clock.</summary>
    public required DateTimeOffset FetchedAt { get; init; }
}
