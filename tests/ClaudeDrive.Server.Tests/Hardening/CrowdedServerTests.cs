using System.Text;
using ClaudeDrive.AspNetCore.Receiver;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Hardening;

/// <summary>Strangers who open connections, begin headers or begin bodies and leave it at that: what is proven still gets through.</summary>
public sealed class CrowdedServerTests
{
    private const int Connections = 16;

    private static readonly Vector V1 = Vectors.V1;

    [Theory]
    [InlineData("")]
    [InlineData("POST /webhooks/claude HTTP/1.1\r\nHost: local")]
    [InlineData("GET /healthz/live HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    public async Task Open_MoreThanAllowedProveNothing_OldOnesAreClosedAndAValidDeliveryIsTaken(string said)
    {
        await using var server = await StartAsync();
        await using var crowd = await Crowd.OpenAsync(server, Connections + 8, said);
        await crowd.WaitForClosedAsync(8);

        Assert.StartsWith("HTTP/1.1 200", await DeliverAsync(server, V1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ManyAfterAProvenOne_TheProvenOneStays()
    {
        await using var server = await StartAsync();
        await using var proven = await RawConnection.OpenAsync(server);
        await proven.SendAsync(Request(V1));
        Assert.StartsWith("HTTP/1.1 200", await proven.ReadToEndAsync(), StringComparison.Ordinal);

        await using var crowd = await Crowd.OpenAsync(server, Connections + 8, "");
        await crowd.WaitForClosedAsync(8);

        await proven.SendAsync(Request(Vectors.V4));
        Assert.Contains("\"status\":\"duplicate\"", await proven.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ManyOfOneSender_AnotherSendersStay()
    {
        await using var server = await StartAsync();
        await using var other = await RawConnection.OpenAsync(server, from: "127.0.0.2");
        await other.SendAsync("GET /healthz/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await other.ReadToEndAsync(), StringComparison.Ordinal);

        await using var crowd = await Crowd.OpenAsync(server, Connections * 3, "", from: "127.0.0.3");
        await crowd.WaitForClosedAsync(Connections * 2);

        await other.SendAsync(Request(V1));
        Assert.StartsWith("HTTP/1.1 200", await other.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_ManyBodiesStall_OldOnesAreEndedAndASlowValidOneIsTaken()
    {
        await using var server = await ServerUnderTest.StartAsync(new() { ["ClaudeDrive:Ingest:MaxBodyBytes"] = "16777216" }, onPort: true);
        var stalled = Request(V1)[..^100];
        await using var crowd = await Crowd.OpenAsync(server, WebhookReceiver.MinArriving + 4, stalled);
        await crowd.WaitForClosedAsync(4);

        await using var slow = await RawConnection.OpenAsync(server);
        await slow.SendAsync(Request(V1)[..^50]);
        await crowd.WaitForClosedAsync(5);
        await slow.SendAsync(Request(V1)[^50..]);
        Assert.StartsWith("HTTP/1.1 200", await slow.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("15")]
    [InlineData("1000001")]
    [InlineData("many")]
    public async Task Start_NumberOutOfRange_NamesTheKey(string value)
    {
        var e = await Assert.ThrowsAsync<ServerSettingsException>(() => StartAsync(value));
        Assert.Contains(e.Problems, static problem => problem.StartsWith("ClaudeDrive:MaxConnections:", StringComparison.Ordinal));
    }

    private static Task<ServerUnderTest> StartAsync(string connections = "16") =>
        ServerUnderTest.StartAsync(new() { ["ClaudeDrive:MaxConnections"] = connections }, onPort: true);

    private static async Task<string> DeliverAsync(ServerUnderTest server, Vector delivery)
    {
        await using var connection = await RawConnection.OpenAsync(server);
        await connection.SendAsync(Request(delivery));
        return await connection.ReadToEndAsync();
    }

    private static string Request(Vector delivery) =>
        $"POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nwebhook-id: {delivery.Id}\r\n"
        + $"webhook-timestamp: {delivery.Timestamp}\r\nwebhook-signature: {delivery.Signature}\r\nContent-Length: {delivery.Body.Length}\r\n\r\n"
        + Encoding.UTF8.GetString(delivery.Body);

    /// <summary>Many connections that say the same and no more.</summary>
    private sealed class Crowd : IAsyncDisposable
    {
        private readonly List<RawConnection> _connections = [];
        private readonly List<Task> _closed = [];

        public static async Task<Crowd> OpenAsync(ServerUnderTest server, int count, string said, string from = "127.0.0.1")
        {
            var crowd = new Crowd();
            for (var i = 0; i < count; i++)
            {
                var connection = await RawConnection.OpenAsync(server, from);
                crowd._connections.Add(connection);
                try
                {
                    await connection.SendAsync(said);
                }
                catch (IOException)
                {
                    // Closed already, for one that came later.
                }

                crowd._closed.Add(connection.WaitForCloseAsync());
            }

            return crowd;
        }

        public async Task WaitForClosedAsync(int count)
        {
            while (_closed.Count(static closed => closed.IsCompleted) < count)
            {
                await await Task.WhenAny(_closed.Where(static closed => !closed.IsCompleted));
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var connection in _connections)
            {
                await connection.DisposeAsync();
            }

            await Task.WhenAll(_closed).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }
}
