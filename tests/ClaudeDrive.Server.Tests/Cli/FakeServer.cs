using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ClaudeDrive.Server.Tests.Cli;

/// <summary>A server of the test's own on a free loopback port: answers as told, remembers what it was asked.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _routes = new(StringComparer.Ordinal);

    private FakeServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Url => _app.Urls.Single();

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    public static async Task<FakeServer> StartAsync()
    {
        var server = new FakeServer();
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Answers this method and raw target (path as sent, with or without its query).</summary>
    public FakeServer On(string methodAndTarget, string json, int status = 200)
    {
        return On(methodAndTarget, context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
            return context.Response.WriteAsync(json, context.RequestAborted);
        });
    }

    public FakeServer On(string methodAndTarget, Func<HttpContext, Task> answer)
    {
        _routes[methodAndTarget] = answer;
        return this;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        Seen.Enqueue(new SeenRequest(
            $"{context.Request.Method} {target}",
            body,
            context.Request.Headers.Authorization.ToString(),
            context.Request.Headers["Last-Event-ID"].ToString()));
        if (_routes.TryGetValue($"{context.Request.Method} {target}", out var answer)
            || _routes.TryGetValue($"{context.Request.Method} {target.Split('?')[0]}", out answer))
        {
            await answer(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        await context.Response.WriteAsync("""{"title":"Not Found","status":404,"code":"not_found"}""", context.RequestAborted);
    }
}
