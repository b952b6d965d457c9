using System.Net;
using System.Text;
using ClaudeDrive.Chaos.Front;
using ClaudeDrive.Chaos.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ClaudeDrive.Server.Tests.Chaos;

/// <summary>The load balancer of the chaos runs: what it passes on, and what it never makes up.</summary>
public sealed class FrontDoorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pass_AnyAnswer_IsPassedOnAsItIs()
    {
        await using var node = await StartAsync(async context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "5";
            await context.Response.WriteAsync(context.Request.Headers["webhook-id"] + " " + await new StreamReader(context.Request.Body).ReadToEndAsync(Token), Token);
        });
        await WithFrontAsync([UrlOf(node)], async (http, url, _) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent("{\"a\": 1}", Encoding.UTF8, "application/json") };
            request.Headers.Add("webhook-id", "whe_1");
            using var answer = await http.SendAsync(request, Token);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("5", answer.Headers.RetryAfter?.ToString());
            Assert.Equal("whe_1 {\"a\": 1}", await answer.Content.ReadAsStringAsync(Token));
        });
    }

    [Fact]
    public async Task Pass_ANodeRefusesTheConnection_TheNextOneAnswers()
    {
        await using var node = await StartAsync(static context => context.Response.WriteAsync("here", Token));
        var gone = await StartAsync(static _ => Task.CompletedTask);
        var goneUrl = UrlOf(gone);
        await WithFrontAsync([goneUrl, UrlOf(node)], async (http, url, front) =>
        {
            await gone.DisposeAsync(); // Both were in rotation; whichever turn it is, one of two goes to the one that is gone.
            Assert.Equal("here", await http.GetStringAsync(url, Token));
            Assert.Equal("here", await http.GetStringAsync(url, Token));
            Assert.Equal(0, front.Unanswered);
        });
    }

    [Fact]
    public async Task Pass_TheNodeBreaksOff_NoStatusIsMadeUpAndNoOtherNodeGetsIt()
    {
        var others = 0;
        await using var breaking = await StartAsync(static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await using var other = await StartAsync(context =>
        {
            Interlocked.Increment(ref others);
            return Task.CompletedTask;
        });
        await WithFrontAsync([UrlOf(breaking), UrlOf(other)], async (http, url, front) =>
        {
            var broken = 0;
            for (var turn = 0; turn < 2; turn++)
            {
                try
                {
                    using var answer = await http.PostAsync(url, new StringContent("x"), Token);
                }
                catch (HttpRequestException)
                {
                    broken++;
                }
            }

            Assert.Equal((1, 1, 1L), (broken, others, front.Unanswered));
        });
    }

    [Fact]
    public async Task Pass_NoNodeIsLive_TheConnectionEnds()
    {
        await WithFrontAsync([new Uri($"http://127.0.0.1:{Ports.Free()}")], isLive: false, async (http, url, front) =>
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(url, Token));
            Assert.Equal(1, front.Unanswered);
        });
    }

    private static Task WithFrontAsync(IReadOnlyList<Uri> nodes, Func<HttpClient, Uri, FrontDoor, Task> act) => WithFrontAsync(nodes, isLive: true, act);

    private static async Task WithFrontAsync(IReadOnlyList<Uri> nodes, bool isLive, Func<HttpClient, Uri, FrontDoor, Task> act)
    {
        using var rotation = new Rotation(nodes, TimeProvider.System);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var watching = rotation.RunAsync(ending.Token);
        if (isLive)
        {
            await rotation.FullAsync(Token);
        }

        await ending.CancelAsync(); // From now on it believes what it saw last.
        await watching;
        await using var front = await FrontDoor.StartAsync(rotation, Token);
        using var http = new HttpClient();
        await act(http, new Uri(front.Url, "/webhooks/claude?x=1"), front);
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/healthz/live", static () => "live");
        app.MapFallback(answer);
        await app.StartAsync(Token);
        return app;
    }

    private static Uri UrlOf(WebApplication app) => new(app.Urls.First());
}
