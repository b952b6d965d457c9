namespace ClaudeDrive.Nodes;

/// <summary>What only one of all nodes does at a time, seen from this node. Names are stable: nodes of different versions must agree on them.</summary>
internal sealed class Duties(INodeStore store, NodeIdentity node)
{
    /// <summary>Comparing the API with the contexts.</summary>
    public const string Sweep = "sweep";

    /// <summary>Deleting what is older than the retention.</summary>
    public const string Retention = "retention";

    /// <summary>Calling one handler with the revisions' log.</summary>
    public static string Handler(string name) => "handler/" + name;

    /// <summary>As <see cref="INodeStore.HoldDutyAsync"/> for this node.</summary>
    public ValueTask<bool> TryHoldAsync(string duty, CancellationToken cancellationToken) => store.HoldDutyAsync(duty, node.NodeId, cancellationToken);
}
