using ClaudeDrive.Server.Tests.Running;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClaudeDrive.Server.Tests.Hardening;

public sealed class DocumentCacheTests
{
    private const string Path = "/openapi/v1.json";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenApi_AskedManyTimesAtOnce_IsMadeOnceAndGivenOutAlike()
    {
        var made = 0;
        await using var server = await ServerUnderTest.StartAsync(services: services => services.Configure<OpenApiOptions>(
            "v1", options => options.AddDocumentTransformer((_, _, _) =>
            {
                Interlocked.Increment(ref made);
                return Task.CompletedTask;
            })));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => server.Client.GetStringAsync($"{Path}?documentName=x{i}", Token)));

        Assert.Equal(1, made);
        Assert.Single(answers.Distinct());
        Assert.Contains("\"openapi\"", answers[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenApi_Answer_HasItsTypeAndLength()
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        for (var i = 0; i < 2; i++)
        {
            using var response = await server.Client.GetAsync(Path, Token);
            Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
            Assert.True(response.Content.Headers.ContentLength > 1000);
        }
    }
}
