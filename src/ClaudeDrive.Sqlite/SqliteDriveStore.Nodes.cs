using ClaudeDrive.Hydration;
using ClaudeDrive.Nodes;
using ClaudeDrive.Sqlite.Rows;

namespace ClaudeDrive.Sqlite;

/// <content>The one process of this store as a node, and its budget of reads: in memory, since nobody else can open the database.</content>
internal sealed partial class SqliteDriveStore
{
    private readonly SingleNode _nodes = new(time);
    private readonly ReadBuckets _buckets = new(time);

    /// <inheritdoc/>
    public ValueTask HeartbeatAsync(NodeIdentity node, CancellationToken cancellationToken)
    {
        ThrowUnlessOpen(cancellationToken);
        _nodes.Heartbeat(node);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask LeaveAsync(string nodeId, CancellationToken cancellationToken)
    {
        ThrowUnlessOpen(cancellationToken);
        _nodes.Leave(nodeId);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NodeRecord>> ListNodesAsync(CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            var now = time.GetUtcNow();
            using var leases = database.Use("CountLeases").Set("now", now);
            using var sends = database.Use("CountSendLeases").Set("now", now);
            return _nodes.List((int)PageCut.ReadNumber(leases), (int)PageCut.ReadNumber(sends));
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> HoldDutyAsync(string duty, string nodeId, CancellationToken cancellationToken)
    {
        ThrowUnlessOpen(cancellationToken);
        return ValueTask.FromResult(_nodes.HoldDuty(duty, nodeId));
    }

    /// <inheritdoc/>
    public ValueTask<ReadGrant> TakeReadsAsync(ReadRequest request, CancellationToken cancellationToken)
    {
        ThrowUnlessOpen(cancellationToken);
        return ValueTask.FromResult(_buckets.Take(request));
    }

    private void ThrowUnlessOpen(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ = OpenWriter;
    }
}
