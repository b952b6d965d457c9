using ClaudeDrive.Hydration;
using ClaudeDrive.Nodes;
using ClaudeDrive.Review;

namespace ClaudeDrive.Storage.InMemory;

/// <content>The one node of the store, and its budget of reads.</content>
internal sealed partial class InMemoryDriveStore
{
    private readonly SingleNode _nodes = new(time);
    private readonly ReadBuckets _buckets = new(time);

    /// <inheritdoc/>
    public ValueTask HeartbeatAsync(NodeIdentity node, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            _nodes.Heartbeat(node);
            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask LeaveAsync(string nodeId, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            _nodes.Leave(nodeId);
            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NodeRecord>> ListNodesAsync(CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var now = time.GetUtcNow();
            return ValueTask.FromResult(_nodes.List(
                _work.Values.Count(row => row.IsLeased(now)),
                _reviews.Count(row => row.Item.State == ReviewState.Sending && row.SendDueAt > now)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> HoldDutyAsync(string duty, string nodeId, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(_nodes.HoldDuty(duty, nodeId));
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReadGrant> TakeReadsAsync(ReadRequest request, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(_buckets.Take(request));
        }
    }
}
