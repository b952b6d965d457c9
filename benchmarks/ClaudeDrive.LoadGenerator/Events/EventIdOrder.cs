namespace ClaudeDrive.LoadGenerator.Events;

/// <summary>How event ids follow one another.</summary>
internal enum EventIdOrder
{
    /// <summary>Each sorts after the one before, as the published examples do.</summary>
    Ordered,

    /// <summary>Anywhere.</summary>
    Random,
}
