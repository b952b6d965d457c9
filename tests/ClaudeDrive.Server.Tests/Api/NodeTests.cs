using System.Net;
using ClaudeDrive.Nodes;
using ClaudeDrive.Server.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

/// <summary>Who is there, and what a node serves by its roles.</summary>
public sealed class NodeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_TwoOverOneStore_AreListedWithWhatTheyHold()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var self = server.App.Services.GetRequiredService<NodeIdentity>();
        await server.Store.HeartbeatAsync(new NodeIdentity("node_other", "host/1", NodeRoles.Ingest | NodeRoles.Worker, "9.9.9", server.Time.GetUtcNow()), Token);
        await server.Store.HoldDutyAsync("sweep", "node_other", Token);
        server.Time.Advance(NodeTimes.SilentAfter + TimeSpan.FromSeconds(1));
        await server.Store.HeartbeatAsync(self, Token);

        var list = await server.GetAsync("api/v1/nodes");

        Assert.Equal(2, list.GetProperty("total").GetInt32());
        var nodes = list.GetProperty("data").EnumerateArray().ToDictionary(static node => node.GetProperty("node_id").GetString()!);
        var (other, own) = (nodes["node_other"], nodes[self.NodeId]);
        Assert.Equal(("silent", "alive"), (other.GetProperty("state").GetString(), own.GetProperty("state").GetString()));
        Assert.Equal(["ingest", "worker"], other.GetProperty("roles").EnumerateArray().Select(static role => role.GetString()));
        Assert.Equal("sweep", Assert.Single(other.GetProperty("duties").EnumerateArray()).GetString());
        Assert.Equal((false, true), (other.GetProperty("is_this").GetBoolean(), own.GetProperty("is_this").GetBoolean()));
        Assert.Equal("9.9.9", other.GetProperty("version").GetString());
    }

    [Theory]
    [InlineData("ingest", HttpStatusCode.BadRequest, HttpStatusCode.NotFound)]
    [InlineData("console", HttpStatusCode.NotFound, HttpStatusCode.OK)]
    [InlineData("worker", HttpStatusCode.NotFound, HttpStatusCode.NotFound)]
    [InlineData("all", HttpStatusCode.BadRequest, HttpStatusCode.OK)]
    public async Task Roles_Chosen_ServeTheirRoutesAndNoOthers(string roles, HttpStatusCode receiver, HttpStatusCode api)
    {
        await using var server = await ServerUnderTest.StartAsync(services: collection =>
            collection.AddSingleton(new NodeIdentity("node_1", "host/1", NodeRolesText.TryParse(roles, out var parsed) ? parsed : default, "1", default)));

        using var delivery = await server.Client.PostAsync("webhooks/claude", new StringContent("{}"), Token);
        using var me = await server.Client.GetAsync("api/v1/me", Token);
        using var live = await server.Client.GetAsync("healthz/live", Token);
        using var metrics = await server.Client.GetAsync("metrics", Token);

        Assert.Equal((receiver, api, HttpStatusCode.OK, HttpStatusCode.OK), (delivery.StatusCode, me.StatusCode, live.StatusCode, metrics.StatusCode));
    }
}
