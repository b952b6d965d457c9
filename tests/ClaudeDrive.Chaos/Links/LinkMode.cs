namespace ClaudeDrive.Chaos.Links;

/// <summary>What a link does to the bytes that pass.</summary>
internal enum LinkMode
{
    /// <summary>Everything passes at once.</summary>
    Pass,

    /// <summary>Every connection is reset, and so is each new one.</summary>
    Cut,

    /// <summary>Connections are accepted and stay, and no byte passes either way until the mode ends; then they go on.</summary>
    BlackHole,

    /// <summary>What the target answers is lost; what the caller sends arrives. When the mode ends, connections that lost something are reset.</summary>
    LoseAnswers,

    /// <summary>Each piece waits before it passes, on both ways.</summary>
    Latency,
}
