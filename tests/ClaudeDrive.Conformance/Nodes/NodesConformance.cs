using ClaudeDrive.Access;
using ClaudeDrive.Nodes;
using ClaudeDrive.Review;
using Xunit;
using static ClaudeDrive.Ingest.ResourceKey;

namespace ClaudeDrive.Conformance;

/// <summary>Signs of life, and duties that only one node has.</summary>
public abstract class NodesConformance : StoreConformance
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task List_NobodyGaveASign_IsEmpty() => Assert.Empty(await Store.ListNodesAsync(Token));

    [Fact]
    public async Task Heartbeat_New_IsListedAsItSaid()
    {
        var node = Node("node_a") with { Name = "host 'ü' 😀/1", Roles = NodeRoles.Ingest | NodeRoles.Console };

        await Store.HeartbeatAsync(node, Token);

        var known = Assert.Single(await Store.ListNodesAsync(Token));
        Assert.Equal((node, Now, TimeSpan.Zero, true), (known.Node, known.SeenAt, known.Silence, known.IsAlive));
        Assert.Empty(known.Duties);
        Assert.Equal((0, 0), (known.Leases, known.Sends));
    }

    [Fact]
    public async Task Heartbeat_Again_IsSeenLater()
    {
        await Store.HeartbeatAsync(Node("node_a"), Token);
        Time.Advance(NodeTimes.SilentAfter);
        Assert.True(Assert.Single(await Store.ListNodesAsync(Token)).IsAlive);
        Time.Advance(Moment);
        Assert.False(Assert.Single(await Store.ListNodesAsync(Token)).IsAlive);

        await Store.HeartbeatAsync(Node("node_a") with { Version = "2.0.0" }, Token);

        var known = Assert.Single(await Store.ListNodesAsync(Token));
        Assert.Equal((Now, true, "2.0.0"), (known.SeenAt, known.IsAlive, known.Node.Version));
    }

    [Fact]
    public async Task List_Several_OldestStartFirst()
    {
        await Store.HeartbeatAsync(Node("node_b"), Token);
        await Store.HeartbeatAsync(Node("node_a"), Token);
        await Store.HeartbeatAsync(Node("node_c") with { StartedAt = Given.Start - Tick }, Token);

        Assert.Equal(["node_c", "node_a", "node_b"], (await Store.ListNodesAsync(Token)).Select(static known => known.Node.NodeId));
    }

    [Fact]
    public async Task Heartbeat_OthersSilentForLong_AreForgotten()
    {
        await Store.HeartbeatAsync(Node("node_a"), Token);
        Time.Advance(NodeTimes.ForgottenAfter);
        await Store.HeartbeatAsync(Node("node_b"), Token);
        Assert.Equal(2, (await Store.ListNodesAsync(Token)).Count);

        Time.Advance(Moment);
        await Store.HeartbeatAsync(Node("node_b"), Token);

        Assert.Equal("node_b", Assert.Single(await Store.ListNodesAsync(Token)).Node.NodeId);
    }

    [Fact]
    public async Task Leave_Known_IsGoneAndItsDutyIsFree()
    {
        await Store.HeartbeatAsync(Node("node_a"), Token);
        await Store.HeartbeatAsync(Node("node_b"), Token);
        Assert.True(await Store.HoldDutyAsync("sweep", "node_a", Token));

        await Store.LeaveAsync("node_a", Token);
        await Store.LeaveAsync("node_a", Token);

        Assert.Equal("node_b", Assert.Single(await Store.ListNodesAsync(Token)).Node.NodeId);
        Assert.True(await Store.HoldDutyAsync("sweep", "node_b", Token));
    }

    [Fact]
    public async Task HoldDuty_HeldByALivingNode_IsRefused()
    {
        await Store.HeartbeatAsync(Node("node_a"), Token);
        await Store.HeartbeatAsync(Node("node_b"), Token);

        Assert.True(await Store.HoldDutyAsync("sweep", "node_a", Token));
        Assert.False(await Store.HoldDutyAsync("sweep", "node_b", Token));
        Assert.True(await Store.HoldDutyAsync("sweep", "node_a", Token));
        Assert.True(await Store.HoldDutyAsync("other", "node_b", Token));

        var known = (await Store.ListNodesAsync(Token)).ToDictionary(static node => node.Node.NodeId, static node => node.Duties);
        Assert.Equal(["sweep"], known["node_a"]);
        Assert.Equal(["other"], known["node_b"]);
    }

    [Fact]
    public async Task HoldDuty_HolderSilent_IsTakenOverAndNotGivenBack()
    {
        await Store.HeartbeatAsync(Node("node_a"), Token);
        Assert.True(await Store.HoldDutyAsync("sweep", "node_a", Token));
        Time.Advance(NodeTimes.SilentAfter);
        await Store.HeartbeatAsync(Node("node_b"), Token);
        Assert.False(await Store.HoldDutyAsync("sweep", "node_b", Token));

        Time.Advance(Moment);
        Assert.True(await Store.HoldDutyAsync("sweep", "node_b", Token));

        await Store.HeartbeatAsync(Node("node_a"), Token);
        Assert.False(await Store.HoldDutyAsync("sweep", "node_a", Token));
    }

    [Fact]
    public async Task HoldDuty_ManyAtOnce_OneHasIt()
    {
        var nodes = Enumerable.Range(0, 20).Select(static i => $"node_{i:00}").ToArray();
        foreach (var node in nodes)
        {
            await Store.HeartbeatAsync(Node(node), Token);
        }

        var held = await Task.WhenAll(nodes.Select(node => Store.HoldDutyAsync("sweep", node, Token).AsTask()));

        Assert.Single(held, static has => has);
    }

    [Fact]
    public async Task List_WorkAndSendUnderWay_CountsThemWhileTheyLast()
    {
        await LookAsync(Session("sesn_1"), before => Given.Change("sesn_1", before, "idle", Given.Blocker("sevt_1")));
        var item = Assert.Single((await Store.ListReviewsAsync(Sight.Everything, new ReviewFilter(), new(5), Token)).Items);
        Assert.Null((await Store.AnswerReviewAsync(Given.By("ada"), item.ReviewId, Given.Answer(), Token)).Refusal);
        await Store.HeartbeatAsync(Node(Holder), Token);
        var lease = await ClaimNewAsync(Given.Arrival("wevt_2", "sesn_2"));
        var send = Assert.Single(await Store.ClaimSendsAsync(5, LeaseFor, Token));

        var known = Assert.Single(await Store.ListNodesAsync(Token));
        Assert.Equal((1, 1), (known.Leases, known.Sends));

        Assert.True(await Store.ReleaseAsync(lease, Token));
        Assert.True(await Store.EndSendAsync(send, new SendEnding(ReviewState.Resumed, "sevt_2"), Token));
        known = Assert.Single(await Store.ListNodesAsync(Token));
        Assert.Equal((0, 0), (known.Leases, known.Sends));
    }

    [Fact]
    public async Task List_LeaseExpired_IsNobodys()
    {
        await Store.HeartbeatAsync(Node(Holder), Token);
        await ClaimNewAsync(Given.Arrival("wevt_1"));

        Time.Advance(LeaseFor);

        Assert.Equal(0, Assert.Single(await Store.ListNodesAsync(Token)).Leases);
    }

    /// <summary>The node that the store's own claims are made for.</summary>
    protected virtual string Holder => "node_a";

    private static NodeIdentity Node(string nodeId) => new(nodeId, "host/1", NodeRoles.All, "1.2.3", Given.Start);
}
