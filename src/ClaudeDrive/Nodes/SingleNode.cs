namespace ClaudeDrive.Nodes;

/// <summary>
/// The nodes of a store that only one process can open: kept in memory, since whoever could hold anything dies with it. Follows
/// <see cref="INodeStore"/> to the letter, so that nothing else needs to know. Safe for any number of threads.
/// </summary>
internal sealed class SingleNode(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (NodeIdentity Node, DateTimeOffset SeenAt)> _nodes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _holders = new(StringComparer.Ordinal);

    /// <summary>See <see cref="INodeStore.HeartbeatAsync"/>.</summary>
    public void Heartbeat(NodeIdentity node)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            _nodes[node.NodeId] = (node, now);
            foreach (var (nodeId, known) in _nodes.Where(known => now - known.Value.SeenAt > NodeTimes.ForgottenAfter).ToArray())
            {
                _nodes.Remove(nodeId);
            }
        }
    }

    /// <summary>See <see cref="INodeStore.LeaveAsync"/>.</summary>
    public void Leave(string nodeId)
    {
        lock (_gate)
        {
            _nodes.Remove(nodeId);
        }
    }

    /// <summary>See <see cref="INodeStore.ListNodesAsync"/>; every lease is the one process's.</summary>
    public IReadOnlyList<NodeRecord> List(int leases, int sends)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return
            [
                .. _nodes.Values.OrderBy(static known => known.Node.StartedAt).ThenBy(static known => known.Node.NodeId, StringComparer.Ordinal)
                    .Select(known => new NodeRecord
                    {
                        Node = known.Node,
                        SeenAt = known.SeenAt,
                        Silence = now - known.SeenAt,
                        Leases = leases,
                        Sends = sends,
                        Duties = [.. _holders.Where(held => held.Value == known.Node.NodeId).Select(static held => held.Key)],
                    }),
            ];
        }
    }

    /// <summary>See <see cref="INodeStore.HoldDutyAsync"/>.</summary>
    public bool HoldDuty(string duty, string nodeId)
    {
        lock (_gate)
        {
            if (_holders.TryGetValue(duty, out var holder) && holder != nodeId
                && _nodes.TryGetValue(holder, out var known) && time.GetUtcNow() - known.SeenAt <= NodeTimes.SilentAfter)
            {
                return false;
            }

            _holders[duty] = nodeId;
            return true;
        }
    }
}
