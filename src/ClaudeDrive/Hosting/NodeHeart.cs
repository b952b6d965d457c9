using ClaudeDrive.Inbox;
using ClaudeDrive.Nodes;
using ClaudeDrive.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Hosting;

/// <summary>
/// This node's signs of life: by them the other nodes see it, and it keeps its duties. It leaves when the host has stopped everything else, so that
/// its duties are taken over at once and not after a silence.
/// </summary>
internal sealed partial class NodeHeart(INodeStore store, NodeIdentity node, StoreGate gate, TimeProvider time, ILogger<NodeHeart> logger) : BackgroundService
{
    /// <summary>Longest wait for the farewell: the others notice the silence too. Chosen.</summary>
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    private bool _isFailing;

    /// <summary>One sign of life. Failures are told once until it works again.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.HeartbeatAsync(node, cancellationToken).ConfigureAwait(false);
            _isFailing = false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested) // The edge to the store: the next beat tries again.
        {
            if (!_isFailing)
            {
                Log.NotSeen(logger, node.NodeId, exception);
            }

            _isFailing = true;
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (!gate.IsOpen)
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(FarewellTimeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await store.LeaveAsync(node.NodeId, both.Token).ConfigureAwait(false);
        }
        catch (Exception exception) // The edge to the store, at the very end: the others will notice the silence.
        {
            Log.NotLeft(logger, node.NodeId, exception);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // Starting the host does not wait for the store.
        try
        {
            await gate.WaitAsync(stoppingToken).ConfigureAwait(false);
            Log.Joined(logger, node.NodeId, node.Name, NodeRolesText.Write(node.Roles), node.Version);
            using var beat = new PeriodicTimer(NodeTimes.HeartbeatEvery, time);
            do
            {
                await BeatAsync(stoppingToken).ConfigureAwait(false);
            }
            while (await beat.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2130, LogLevel.Information, "Node {NodeId} ({Name}) joins as {Roles}, version {Version}")]
        public static partial void Joined(ILogger logger, string nodeId, string name, string roles, string version);

        [LoggerMessage(2131, LogLevel.Warning, "Node {NodeId} cannot tell the others that it lives; it tries again and again")]
        public static partial void NotSeen(ILogger logger, string nodeId, Exception exception);

        [LoggerMessage(2132, LogLevel.Warning, "Node {NodeId} could not say that it stops; the others will notice its silence")]
        public static partial void NotLeft(ILogger logger, string nodeId, Exception exception);
    }
}
