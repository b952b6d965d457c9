using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Hardening;

public sealed class CrossSiteTests
{
    private const string Change = "/api/v1/dead-letters/retry";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("same-origin", null, true)]
    [InlineData("none", null, true)]
    [InlineData("same-site", null, false)]
    [InlineData("cross-site", null, false)]
    [InlineData("same-origin, cross-site", null, false)]
    [InlineData("anything", null, false)]
    [InlineData("same-origin", "https://behind.a.proxy.example", true)]
    [InlineData("cross-site", "http://localhost", false)]
    [InlineData(null, "http://localhost", true)]
    [InlineData(null, "https://localhost", true)]
    [InlineData(null, "http://localhost:8080", false)]
    [InlineData(null, "https://other.example", false)]
    [InlineData(null, "null", false)]
    [InlineData(null, "localhost", false)]
    [InlineData(null, "file:///localhost", false)]
    public async Task Change_HeadersOfABrowser_OnlyFromOurOwnPages(string? site, string? origin, bool isAllowed)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var response = await SendAsync(server, HttpMethod.Post, Change, site, origin);
        if (isAllowed)
        {
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        }
        else
        {
            await Answers.ProblemAsync(response, 403, "origin_not_allowed");
        }
    }

    [Fact]
    public async Task Look_FromAnotherSite_NotTouchedByThisCheck()
    {
        // Without a header that allows it, the browser keeps the answer from the page; and a page that has the key needs no trick.
        await using var server = await ServerUnderTest.StartAsync();
        using var response = await SendAsync(server, HttpMethod.Get, "/api/v1/me", "cross-site", "https://other.example");
        Assert.True(response.IsSuccessStatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Ask_Preflight_IsNotGranted()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, Change);
        request.Headers.Add("Origin", "https://other.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization");
        using var response = await server.Client.SendAsync(request, Token);
        Assert.False(response.IsSuccessStatusCode);
        Assert.DoesNotContain(response.Headers, static header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Receive_HeadersOfABrowser_NotAskedFor()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var request = Vectors.V1.Request();
        request.Headers.Add("Origin", "https://other.example");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        await Answers.OkAsync(await server.SendAsync(request), "accepted", Vectors.V1.Id);
    }

    private static async Task<HttpResponseMessage> SendAsync(ServerUnderTest server, HttpMethod method, string path, string? site, string? origin)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent("{\"type\":\"none\"}", System.Text.Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in new[] { ("Sec-Fetch-Site", site), ("Origin", origin) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await server.Client.SendAsync(request, Token);
    }
}
