using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.Server.Tests.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

public sealed class AccessTests
{
    private static readonly CallerRole[] Roles = [CallerRole.Viewer, CallerRole.Reviewer, CallerRole.Operator, CallerRole.Admin];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer cd_wrong")]
    [InlineData("Basic " + ServerUnderTest.AdminKey)]
    [InlineData(ServerUnderTest.AdminKey)]
    public async Task Call_KeyWrong_Unauthenticated(string? header)
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var (method, path, _) in Routes(server).Append(("GET", "/api/v1/nowhere", CallerRole.Viewer)))
        {
            using var response = await SendAsync(server, method, path, header);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
            await Answers.ProblemAsync(response, 401, "unauthenticated");
        }
    }

    [Fact]
    public async Task Call_EveryRoleAndRoute_ForbiddenOnlyBelowTheRule()
    {
        await using var server = await ServerUnderTest.StartAsync(services: s => s.AddSingleton<ICallerSource, Staff>());
        foreach (var (method, path, rule) in Routes(server).Where(r => !r.Path.EndsWith("/stream", StringComparison.Ordinal)))
        {
            foreach (var role in Roles)
            {
                using var response = await SendAsync(server, method, path, $"Bearer staff-{role}");
                Assert.True(((int)response.StatusCode == 403) == role < rule, $"{role} {method} {path}: {response.StatusCode}");
                if (role < rule)
                {
                    await Answers.ProblemAsync(response, 403, "forbidden");
                }
            }
        }
    }

    [Fact]
    public async Task Me_Administrator_SaysWho()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var me = await server.GetAsync("/api/v1/me");
        Assert.Equal("admin", me.GetProperty("name").GetString());
        Assert.Equal("admin", me.GetProperty("role").GetString());
        Assert.Equal("admin", me.GetProperty("grants")[0].GetProperty("role").GetString());
    }

    [Fact]
    public async Task Start_NoKeyConfigured_MakesOneAndAnnouncesItOnce()
    {
        await using var server = await ServerUnderTest.StartAsync(new() { ["ClaudeDrive:AdminKey"] = null });

        var key = server.Log.Announced!;

        Assert.StartsWith("cd_", key, StringComparison.Ordinal);
        Assert.Equal(46, key.Length);
        Assert.DoesNotContain(key, server.Log.Text, StringComparison.Ordinal);
        using var response = await SendAsync(server, "GET", "/api/v1/me", $"Bearer {key}");
        Assert.True(response.IsSuccessStatusCode);
        Assert.Null(await server.App.Services.GetRequiredService<AdminKey>().EnsureAsync(Token));
        Assert.DoesNotContain(key, await server.Store.FindSettingAsync(AdminKey.StoreSetting, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_OtherMethod_MethodNotAllowedWithAllow()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var response = await SendAsync(server, "DELETE", "/api/v1/events", $"Bearer {ServerUnderTest.AdminKey}");
        Assert.Equal(["GET"], response.Content.Headers.Allow);
        await Answers.ProblemAsync(response, 405, "method_not_allowed");
    }

    [Fact]
    public async Task Map_RouteWithoutRule_RefusesToStart()
    {
        await using var server = await ServerUnderTest.StartAsync();
        IEndpointRouteBuilder app = server.App;
        app.DataSources.Add(new DefaultEndpointDataSource(
            new RouteEndpoint(_ => Task.CompletedTask, Microsoft.AspNetCore.Routing.Patterns.RoutePatternFactory.Parse("/gap"), 0, null, null)));

        var refusal = Assert.Throws<InvalidOperationException>(() => AccessRule.Verify(app));

        Assert.Contains("/gap", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_AnyRoute_HasSecurityHeadersAndNoServerName()
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        foreach (var path in new[] { "/api/v1/me", "/healthz/live", "/metrics", "/openapi/v1.json", "/nowhere" })
        {
            using var response = await server.Client.GetAsync(path, Token);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.False(response.Headers.Contains("Server"));
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }
    }

    private static IEnumerable<(string Method, string Path, CallerRole Role)> Routes(ServerUnderTest server) =>
        from endpoint in ((IEndpointRouteBuilder)server.App).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>()
        let methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()
        where endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal) && methods is not null
        select (methods.HttpMethods[0], endpoint.RoutePattern.RawText!.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal),
            endpoint.Metadata.GetMetadata<AccessRule>()!.Role!.Value);

    private static async Task<HttpResponseMessage> SendAsync(ServerUnderTest server, string method, string path, string? header)
    {
        using var client = server.App.GetTestClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        return await client.SendAsync(request, Token);
    }

    /// <summary>Knows a key of every role.</summary>
    private sealed class Staff : ICallerSource
    {
        public ValueTask<Caller?> FindAsync(string key, CancellationToken cancellationToken) =>
            ValueTask.FromResult(Roles.Where(r => key == $"staff-{r}").Select(r => new Caller { Name = key, Proof = "test", Grants = [new Grant(r, Scope.Everything)] }).FirstOrDefault());
    }
}
