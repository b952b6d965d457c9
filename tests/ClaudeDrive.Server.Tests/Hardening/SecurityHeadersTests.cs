using ClaudeDrive.Server.Tests.Running;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClaudeDrive.Server.Tests.Hardening;

public sealed class SecurityHeadersTests
{
    private static readonly Dictionary<string, string> Expected = new(StringComparer.Ordinal)
    {
        ["X-Content-Type-Options"] = "nosniff",
        ["Cache-Control"] = "no-store",
        ["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'",
        ["Referrer-Policy"] = "no-referrer",
        ["Cross-Origin-Resource-Policy"] = "same-origin",
    };

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"];

    [Fact]
    public async Task Answer_EveryRouteAndMethod_HasThemAllAndTellsNoServer()
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        var paths = server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(static e => "/" + e.RoutePattern.RawText!.TrimStart('/').Replace("{documentName}", "v1", StringComparison.Ordinal)).Distinct().Append("/nowhere").Append("/");
        var seen = 0;
        foreach (var path in paths)
        {
            foreach (var method in Methods)
            {
                foreach (var key in new[] { $"Bearer {ServerUnderTest.AdminKey}", "Bearer wrong" })
                {
                    using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Address, path));
                    request.Headers.TryAddWithoutValidation("Authorization", key);
                    using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                    Assert.All(Expected, header => Assert.Equal(header.Value, Header(response, header.Key)));
                    Assert.Null(Header(response, "Server"));
                    Assert.Null(Header(response, "X-Powered-By"));
                    Assert.Null(Header(response, "Set-Cookie"));
                    seen++;
                }
            }
        }

        Assert.True(seen > 300, $"only {seen} answers were looked at");
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(",", values) : null;
}
