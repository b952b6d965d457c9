using ClaudeDrive.Chaos.Links;

namespace ClaudeDrive.Chaos.Nodes;

/// <summary>What a node is made of. The node disposes all of it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Setup">How its process is started, each time.</param>
/// <param name="Log">What it writes.</param>
/// <param name="Api">Its link to the Claude API.</param>
internal sealed record NodeParts(int Number, ServerSetup Setup, NodeLog Log, FaultProxy Api)
{
    /// <summary>Its link to the database; null without one.</summary>
    public FaultProxy? Database { get; init; }

    /// <summary>The disk of its data directory; null when it is an ordinary one.</summary>
    public BoundedDisk? Disk { get; init; }
}
