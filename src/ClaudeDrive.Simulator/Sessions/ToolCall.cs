namespace ClaudeDrive.Simulator.Sessions;

/// <summary>One tool-use event and what became of it. Guarded by the world's lock.</summary>
internal sealed class ToolCall
{
    /// <summary>Event id of the tool use.</summary>
    public required string Id { get; init; }

    /// <summary>Event type of the tool use.</summary>
    public required string Type { get; init; }

    /// <summary>Name of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>Which answer it needs.</summary>
    public required BlockerKind Kind { get; init; }

    /// <summary>The child thread that made the call; <see langword="null"/> for the primary thread.</summary>
    public string? ThreadId { get; init; }

    /// <summary>The accepted answer, if one came.</summary>
    public StoredEvent? Answer { get; set; }

    /// <summary>Closed without a person, by an interrupt or the end of its thread.</summary>
    public bool Closed { get; set; }

    /// <summary>Whether its result was already taken up by the story.</summary>
    public bool Consumed { get; set; }

    /// <summary>Whether it still waits for an answer.</summary>
    public bool Open => Kind != BlockerKind.None && Answer is null && !Closed;
}
