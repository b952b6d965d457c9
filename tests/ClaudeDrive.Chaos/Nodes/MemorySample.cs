namespace ClaudeDrive.Chaos.Nodes;

/// <summary>Memory of a node at one moment.</summary>
/// <param name="Node">The node, from 1.</param>
/// <param name="Life">Which of its processes, from 1.</param>
/// <param name="Age">How long that process had run.</param>
/// <param name="ResidentBytes">What it held of the machine's memory.</param>
/// <param name="HeapBytes">What was on the managed heap after the last collection; null when it did not answer.</param>
internal sealed record MemorySample(int Node, int Life, TimeSpan Age, long ResidentBytes, long? HeapBytes);
