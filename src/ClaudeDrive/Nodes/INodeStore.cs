using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.Nodes;

/// <summary>
/// Which processes share the store, and which of them does what only one may do. Instants are by the store's clock, so that nodes whose clocks
/// differ agree. Every method is atomic and throws <see cref="DriveStoreException"/> when the store cannot be reached. Nothing here needs to
/// survive a restart of the store: nodes that live say so again.
/// </summary>
internal interface INodeStore
{
    /// <summary>
    /// A sign of life, to be repeated every <see cref="NodeTimes.HeartbeatEvery"/>: the node is listed and keeps its duties. Forgets nodes that have
    /// been silent for <see cref="NodeTimes.ForgottenAfter"/>. Idempotent.
    /// </summary>
    ValueTask HeartbeatAsync(NodeIdentity node, CancellationToken cancellationToken);

    /// <summary>The node stops in good order: it is no longer listed and its duties are free at once. Idempotent.</summary>
    ValueTask LeaveAsync(string nodeId, CancellationToken cancellationToken);

    /// <summary>All known nodes, silent ones included, oldest start first, then by id.</summary>
    ValueTask<IReadOnlyList<NodeRecord>> ListNodesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes or keeps a duty: true when it was free, is held by this node already, or its holder is silent (<see cref="NodeTimes.SilentAfter"/>)
    /// or unknown. Keeping a duty writes nothing. A duty is no lock: a holder that was paused may go on for a moment beside its successor, so what
    /// it does must be harmless when done twice.
    /// </summary>
    ValueTask<bool> HoldDutyAsync(string duty, string nodeId, CancellationToken cancellationToken);
}
