using ClaudeDrive.Access;
using ClaudeDrive.Inbox;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Hardening;

/// <summary>Over a real connection, since it is the connection's address that decides. The sender of these tests is 127.0.0.1.</summary>
public sealed class TrustedProxiesTests
{
    private const string Key = "ClaudeDrive:TrustedProxies";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "203.0.113.7", "127.0.0.1")]
    [InlineData("10.0.0.0/8", "203.0.113.7", "127.0.0.1")]
    [InlineData("::1", "203.0.113.7", "127.0.0.1")]
    [InlineData("127.0.0.1", null, "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.0/8", "198.51.100.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.1 10.0.0.0/8", "198.51.100.1, 203.0.113.7, 10.0.0.3", "203.0.113.7")]
    [InlineData("127.0.0.1;10.0.0.0/8", "10.0.0.1, 10.0.0.2", "10.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.7:5123", "203.0.113.7")]
    [InlineData("127.0.0.1", "[2001:db8::7]:5123", "2001:db8::7")]
    [InlineData("127.0.0.1", "::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.1", "203.0.113.7, nonsense", "127.0.0.1")]
    [InlineData("127.0.0.1", "nonsense, 203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.1", "", "127.0.0.1")]
    public async Task Receive_ForwardedFor_TheRightmostThatIsNoProxyOfOurs(string? trusted, string? forwarded, string remoteIp)
    {
        await using var server = await ServerUnderTest.StartAsync(new() { [Key] = trusted }, onPort: true);
        var request = Vectors.V1.Request();
        if (forwarded is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwarded);
        }

        await Answers.OkAsync(await server.SendAsync(request), "accepted", Vectors.V1.Id);

        Assert.Equal(remoteIp, await RemoteIpAsync(server));
    }

    [Fact]
    public async Task Receive_HeaderTwice_TheLastLineCounts()
    {
        await using var server = await ServerUnderTest.StartAsync(new() { [Key] = "127.0.0.1" }, onPort: true);
        await using var connection = await RawConnection.OpenAsync(server);
        await connection.SendAsync(
            $"POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 203.0.113.7\r\n"
            + $"webhook-id: {Vectors.V1.Id}\r\nwebhook-timestamp: {Vectors.V1.Timestamp}\r\nwebhook-signature: {Vectors.V1.Signature}\r\n"
            + $"Content-Length: {Vectors.V1.Body.Length}\r\n\r\n");
        await connection.SendAsync(Vectors.V1.Body);
        _ = await connection.ReadToEndAsync();

        Assert.Equal("203.0.113.7", await RemoteIpAsync(server));
    }

    [Theory]
    [InlineData("X-Real-IP")]
    [InlineData("Forwarded")]
    [InlineData("X-Forwarded")]
    [InlineData("CF-Connecting-IP")]
    [InlineData("True-Client-IP")]
    public async Task Receive_OtherHeadersOfProxies_AreNeverRead(string header)
    {
        await using var server = await ServerUnderTest.StartAsync(new() { [Key] = "127.0.0.1" }, onPort: true);
        var request = Vectors.V1.Request();
        request.Headers.TryAddWithoutValidation(header, header == "Forwarded" ? "for=203.0.113.7" : "203.0.113.7");
        (await server.SendAsync(request)).Dispose();

        Assert.Equal("127.0.0.1", await RemoteIpAsync(server));
    }

    [Fact]
    public async Task Receive_EnvironmentSaysTrustEverybody_NobodyIsTrusted()
    {
        await using var server = await ServerUnderTest.StartAsync(new() { ["ForwardedHeaders_Enabled"] = "true" }, onPort: true);
        var request = Vectors.V1.Request();
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "203.0.113.7");
        (await server.SendAsync(request)).Dispose();

        Assert.Equal("127.0.0.1", await RemoteIpAsync(server));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("proxy.example.com")]
    [InlineData("10.0.0.0/40")]
    public async Task Start_NoAddress_NamesTheKey(string value)
    {
        var e = await Assert.ThrowsAsync<ServerSettingsException>(() => ServerUnderTest.StartAsync(new() { [Key] = value }));
        Assert.Contains(e.Problems, static problem => problem.StartsWith($"{Key}:", StringComparison.Ordinal));
    }

    private static async Task<string?> RemoteIpAsync(ServerUnderTest server) =>
        Assert.Single((await server.Store.ListDeliveriesAsync(Sight.Everything, new DeliveryFilter(), new PageRequest(10), Token)).Items).Facts.RemoteIp;
}
