using System.Net;
using ClaudeDrive.Server.Tests.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Xunit;

namespace ClaudeDrive.Server.Tests.Hardening;

public sealed class HostCheckTests
{
    private static readonly string[] Paths = ["/api/v1/me", "/healthz/live", "/healthz/ready", "/metrics", "/openapi/v1.json", "/nowhere"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:4100", true)]
    [InlineData("drive.localhost", true)]
    [InlineData("127.0.0.1:4100", true)]
    [InlineData("[::1]:4100", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("rebound.example", false)]
    [InlineData("localhost.example", false)]
    [InlineData("notlocalhost", false)]
    [InlineData("127.0.0.1.example", false)]
    public async Task Call_OnLoopbackWithoutSetting_LoopbackNamesAndAddressesOnly(string host, bool isAllowed)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await AssertEveryPathAsync(server, host, IPAddress.Loopback, isAllowed);
    }

    [Theory]
    [InlineData("drive.example.com", true)]
    [InlineData("Drive.Example.Com:443", true)]
    [InlineData("drive.example.com.", true)]
    [InlineData("a.teams.example.com", true)]
    [InlineData("teams.example.com", false)]
    [InlineData("other.example.com", false)]
    [InlineData("10.1.2.3", true)]
    public async Task Call_WithSetting_NamesOfItAndAddressesEverywhere(string host, bool isAllowed)
    {
        await using var server = await ServerUnderTest.StartAsync(new() { ["ClaudeDrive:AllowedHosts"] = "drive.example.com, *.teams.example.com" });
        await AssertEveryPathAsync(server, host, IPAddress.Loopback, isAllowed);
        await AssertEveryPathAsync(server, host, IPAddress.Parse("10.1.2.3"), isAllowed);
    }

    [Fact]
    public async Task Call_BeyondLoopbackWithoutSetting_AnyName()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await AssertEveryPathAsync(server, "drive.example.com", IPAddress.Parse("10.1.2.3"), isAllowed: true);
    }

    [Fact]
    public async Task Call_LocalhostBeyondLoopback_RefusedOnceNamesAreSet()
    {
        await using var server = await ServerUnderTest.StartAsync(new() { ["ClaudeDrive:AllowedHosts:0"] = "drive.example.com" });
        await AssertEveryPathAsync(server, "localhost", IPAddress.Loopback, isAllowed: true);
        await AssertEveryPathAsync(server, "localhost", IPAddress.Parse("10.1.2.3"), isAllowed: false);
    }

    [Fact]
    public async Task Call_AnyNameSet_Allowed()
    {
        await using var server = await ServerUnderTest.StartAsync(new() { ["ClaudeDrive:AllowedHosts"] = "*" });
        await AssertEveryPathAsync(server, "rebound.example", IPAddress.Loopback, isAllowed: true);
    }

    [Fact]
    public async Task Receive_AnyName_TakenSinceTheSignatureProvesIt()
    {
        await using var server = await ServerUnderTest.StartAsync(new() { ["ClaudeDrive:AllowedHosts"] = "drive.example.com" });
        var request = Vectors.V1.Request();
        request.Headers.Host = "hooks.example.net";
        await Answers.OkAsync(await server.SendAsync(request), "accepted", Vectors.V1.Id);
    }

    [Theory]
    [InlineData("ClaudeDrive:AllowedHosts", "https://drive.example.com")]
    [InlineData("ClaudeDrive:AllowedHosts", "drive.example.com:443")]
    [InlineData("ClaudeDrive:AllowedHosts", "dr*ve.example.com")]
    [InlineData("AllowedHosts", "drive.example.com")]
    public async Task Start_NoName_NamesTheKey(string key, string value)
    {
        var e = await Assert.ThrowsAsync<ServerSettingsException>(() => ServerUnderTest.StartAsync(new() { [key] = value }));
        Assert.Contains(e.Problems, problem => problem.StartsWith($"{key}:", StringComparison.Ordinal));
    }

    private static async Task AssertEveryPathAsync(ServerUnderTest server, string host, IPAddress local, bool isAllowed)
    {
        foreach (var path in Paths)
        {
            var context = await ((TestServer)server.App.Services.GetService(typeof(Microsoft.AspNetCore.Hosting.Server.IServer))!).SendAsync(c =>
            {
                c.Request.Method = "GET";
                c.Request.Path = path;
                c.Request.Host = new HostString(host);
                c.Request.Headers.Authorization = $"Bearer {ServerUnderTest.AdminKey}";
                c.Connection.LocalIpAddress = local;
            }, Token);
            using var reader = new StreamReader(context.Response.Body);
            var text = await reader.ReadToEndAsync(Token);
            Assert.Equal(!isAllowed, text.Contains("host_not_allowed", StringComparison.Ordinal));
            Assert.Equal(isAllowed, context.Response.StatusCode != 400);
        }
    }
}
