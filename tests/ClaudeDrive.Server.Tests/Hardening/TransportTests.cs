using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClaudeDrive.Server.Tests.Running;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClaudeDrive.Server.Tests.Hardening;

/// <summary>The server with a certificate of the standard settings.</summary>
public sealed class TransportTests : IDisposable
{
    private const string Name = "drive.example.com";

    private readonly string _directory = Directory.CreateTempSubdirectory("claudedrive-tls-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(Name, null, "max-age=31536000")]
    [InlineData(Name, "30.00:00:00", "max-age=2592000")]
    [InlineData(Name, "00:00:00", null)]
    [InlineData("localhost", null, null)]
    [InlineData("127.0.0.1", null, null)]
    public async Task Answer_ByHttps_TellsBrowsersToComeBackByHttps(string host, string? maxAge, string? expected)
    {
        await using var server = await StartAsync("https://127.0.0.1:0", maxAge);
        foreach (var path in new[] { "/healthz/live", "/api/v1/me", "/nowhere", "/metrics", "/webhooks/claude" })
        {
            using var response = await GetAsync(server, path, host);
            Assert.Equal(expected, response.Headers.TryGetValues("Strict-Transport-Security", out var values) ? values.Single() : null);
        }
    }

    [Fact]
    public async Task Answer_ByHttp_DoesNot()
    {
        await using var server = await StartAsync("http://127.0.0.1:0");
        using var response = await GetAsync(server, "/healthz/live", Name);
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData(null, false)]
    public async Task Answer_ByHttpBehindAProxyWithTls_OnlyWhenTheProxyIsTrusted(string? trusted, bool isTold)
    {
        await using var server = await StartAsync("http://127.0.0.1:0", trusted: trusted);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz/live");
        request.Headers.Host = Name;
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var response = await server.Client.SendAsync(request, Token);
        Assert.Equal(isTold, response.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Answer_EveryPathByHttpAndHttps_NeverARedirect()
    {
        await using var plain = await StartAsync("http://127.0.0.1:0");
        await using var secure = await StartAsync("https://127.0.0.1:0");
        var paths = plain.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(static e => "/" + e.RoutePattern.RawText!.TrimStart('/').Replace("{**rest}", "x", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal))
            .Where(static path => !path.EndsWith("/stream", StringComparison.Ordinal))
            .Distinct().SelectMany(static path => new[] { path, path + "/", path.ToUpperInvariant(), "/" + path });
        foreach (var path in paths.Append("/"))
        {
            foreach (var server in new[] { plain, secure })
            {
                using var response = await GetAsync(server, path, Name);
                Assert.False((int)response.StatusCode is >= 300 and < 400, $"{path}: {response.StatusCode}");
                Assert.Null(response.Headers.Location);
            }
        }
    }

    [Theory]
#pragma warning disable CA5397, SYSLIB0039 // Old versions are asked for to see them refused.
    [InlineData(SslProtocols.Tls11, false)]
#pragma warning restore CA5397, SYSLIB0039
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
    public async Task Connect_Version_From12On(SslProtocols version, bool isTaken)
    {
        await using var server = await StartAsync("https://127.0.0.1:0");
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, Token);
#pragma warning disable CA5359 // The certificate was made by this test; the version is what it is about.
        await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, static (_, _, _, _) => true);
#pragma warning restore CA5359
        var options = new SslClientAuthenticationOptions { TargetHost = Name, EnabledSslProtocols = version };
        if (isTaken)
        {
            await stream.AuthenticateAsClientAsync(options, Token);
            Assert.Equal(version, stream.SslProtocol);
        }
        else
        {
            await Assert.ThrowsAnyAsync<Exception>(() => stream.AuthenticateAsClientAsync(options, Token));
        }
    }

    [Fact]
    public async Task Receive_ByHttp2_AsByHttp1()
    {
        await using var server = await StartAsync("https://127.0.0.1:0");
        var request = Vectors.V1.Request();
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        await Answers.OkAsync(await server.SendAsync(request), "accepted", Vectors.V1.Id);

        // Larger than the windows: the receiver takes it by and by.
        var large = Vectors.Signed("whe_large", Vectors.Event("whe_large", resource: new string('x', 200_000))).Request();
        (large.Version, large.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        using var response = await server.SendAsync(large);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("a year")]
    [InlineData("4000.00:00:00")]
    public async Task Start_NoTime_NamesTheKey(string value)
    {
        var e = await Assert.ThrowsAsync<ServerSettingsException>(() => StartAsync("http://127.0.0.1:0", value));
        Assert.Contains(e.Problems, static problem => problem.StartsWith("ClaudeDrive:HstsMaxAge:", StringComparison.Ordinal));
    }

    private static Task<HttpResponseMessage> GetAsync(ServerUnderTest server, string path, string host)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{server.Address.Scheme}://{server.Address.Authority}{path}"));
        request.Headers.Host = host;
        return server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    private async Task<ServerUnderTest> StartAsync(string url, string? maxAge = null, string? trusted = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(_directory, "cert.pem"), certificate.ExportCertificatePem(), Token);
        await File.WriteAllTextAsync(Path.Combine(_directory, "key.pem"), key.ExportPkcs8PrivateKeyPem(), Token);
        return await ServerUnderTest.StartAsync(
            new()
            {
                ["Kestrel:Certificates:Default:Path"] = Path.Combine(_directory, "cert.pem"),
                ["Kestrel:Certificates:Default:KeyPath"] = Path.Combine(_directory, "key.pem"),
                ["ClaudeDrive:AllowedHosts"] = Name,
                ["ClaudeDrive:HstsMaxAge"] = maxAge,
                ["ClaudeDrive:TrustedProxies"] = trusted,
            },
            onPort: true,
            url: url);
    }
}
