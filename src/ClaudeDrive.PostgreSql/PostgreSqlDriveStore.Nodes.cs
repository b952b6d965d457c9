using ClaudeDrive.Hydration;
using ClaudeDrive.Nodes;
using ClaudeDrive.PostgreSql.Connections;

namespace ClaudeDrive.PostgreSql;

/// <content>The nodes over this database, and the budget of reads that they share.</content>
internal sealed partial class PostgreSqlDriveStore
{
    /// <inheritdoc/>
    public async ValueTask HeartbeatAsync(NodeIdentity node, CancellationToken cancellationToken) => await RunAsync(
        CallKind.Repeat,
        use => use("Heartbeat").Set("now", Now)
            .Set("node_id", node.NodeId)
            .Set("name", node.Name)
            .Set("roles", (int?)node.Roles)
            .Set("version", node.Version)
            .Set("started_at", (DateTimeOffset?)node.StartedAt)
            .Set("forgotten", NodeTimes.ForgottenAfter),
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask LeaveAsync(string nodeId, CancellationToken cancellationToken) =>
        await RunAsync(CallKind.Repeat, use => use("Leave").Set("node_id", nodeId), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NodeRecord>> ListNodesAsync(CancellationToken cancellationToken) => AllAsync(
        CallKind.Read,
        use => use("ListNodes").Set("now", Now),
        static row =>
        {
            var node = new NodeIdentity(row.Text(), row.Text(), (NodeRoles)row.Int32(), row.Text(), row.Instant());
            var (seenAt, now) = (row.Instant(), row.Instant());
            return new NodeRecord
            {
                Node = node,
                SeenAt = seenAt,
                Silence = now - seenAt,
                Leases = row.Int32(),
                Sends = row.Int32(),
                Duties = row.Texts(),
            };
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> HoldDutyAsync(string duty, string nodeId, CancellationToken cancellationToken) => FirstAsync(
        CallKind.Repeat,
        use => use("HoldDuty").Set("now", Now).Set("duty", duty).Set("node_id", nodeId).Set("silent", NodeTimes.SilentAfter),
        static row => row.Truth(),
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReadGrant> TakeReadsAsync(ReadRequest request, CancellationToken cancellationToken) => FirstAsync(
        CallKind.Once,
        use => use("TakeReads").Set("now", Now)
            .Set("bucket", request.Bucket)
            .Set("per_minute", (int?)request.PerMinute)
            .Set("want", (int?)request.Want)
            .Set("reserve", (int?)request.Reserve)
            .Set("pause", request.PauseFor > TimeSpan.Zero ? request.PauseFor : TimeSpan.Zero),
        static row => new ReadGrant(row.Int32(), new TimeSpan(row.Int64())),
        cancellationToken);
}
