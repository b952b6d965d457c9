namespace ClaudeDrive.Nodes;

/// <summary>A node as the others see it.</summary>
internal sealed record NodeRecord
{
    /// <summary>Who it is.</summary>
    public required NodeIdentity Node { get; init; }

    /// <summary>Its last sign of life, by the store's clock.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>How long ago that was, by the store's clock.</summary>
    public required TimeSpan Silence { get; init; }

    /// <summary>Resources that it is leasing.</summary>
    public required int Leases { get; init; }

    /// <summary>Answers that it is sending.</summary>
    public required int Sends { get; init; }

    /// <summary>Duties that it holds, in order.</summary>
    public required IReadOnlyList<string> Duties { get; init; }

    /// <summary>False when it has been silent for longer than <see cref="NodeTimes.SilentAfter"/>: its duties are free.</summary>
    public bool IsAlive => Silence <= NodeTimes.SilentAfter;
}
