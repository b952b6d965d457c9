using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace ClaudeDrive.Server.Tests.Cli;

/// <summary><c>events tail</c>: one line each, resumed where it broke, ended cleanly.</summary>
public sealed class TailTests
{
    [Fact]
    public async Task Tail_ConnectionEnds_ResumesAfterTheLastId()
    {
        await using var server = await FakeServer.StartAsync();
        var connections = 0;
        server.On("GET /api/v1/stream", context => StreamAsync(context, ++connections == 1
            ? ": hello\n\nid: 1\nevent: events\ndata: {\"event_id\":\"whe_1\"}\n\nid: 2\nevent: events\ndata: {\"event_id\":\"whe_2\"}\n\n"
            : "id: 3\nevent: events\ndata: {\"event_id\":\"whe_3\"}\n\n"));

        var result = await Probe(server).RunAsync("events", "tail", "--count", "3", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["", "2"], server.Seen.Select(seen => seen.LastEventId));
        Assert.Equal("GET /api/v1/stream?topics=events", server.Seen.First().Line);
        var lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(["whe_1", "whe_2", "whe_3"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("data").GetProperty("event_id").GetString()!));
        Assert.Contains("trying again in 1 s", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tail_ServerFailsInBetween_TriesAgain()
    {
        await using var server = await FakeServer.StartAsync();
        var connections = 0;
        server.On("GET /api/v1/stream", context =>
        {
            if (++connections == 2)
            {
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            }

            return StreamAsync(context, $"id: {connections}\ndata: {{\"state\":\"applied\"}}\n\n");
        });

        var result = await Probe(server).RunAsync("events", "tail", "--topics", "events,reviews", "--count", "2");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(3, connections);
        Assert.Equal(2, result.Output.TrimEnd('\n').Split('\n').Length);
        Assert.Contains("connected again", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tail_KeyRefused_EndsAtOnce()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/stream", """{"code":"unauthorized"}""", 401);

        var result = await Probe(server).RunAsync("events", "tail");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the key was refused", result.Error, StringComparison.Ordinal);
        Assert.Single(server.Seen);
    }

    [Fact]
    public async Task Tail_Interrupted_EndsCleanly()
    {
        await using var server = await FakeServer.StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        server.On("GET /api/v1/stream", async context =>
        {
            await StreamAsync(context, "id: 1\ndata: {}\n\n");
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        });

        var result = await Probe(server).RunUntilAsync(["events", "tail"], stop.Token);

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("error", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tail_HostileText_IsNeutralised()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/stream", context => StreamAsync(context, "event: ev\u202e\u009b\ndata: not json \u001b[31m\u202e\n\n"));

        var text = await Probe(server).RunAsync("events", "tail", "--count", "1");
        var json = await Probe(server).RunAsync("events", "tail", "--count", "1", "--json");

        Assert.DoesNotContain('\u001b', text.Everything);
        Assert.DoesNotContain('\u202e', text.Everything);
        Assert.DoesNotContain('\u009b', text.Everything);
        Assert.Equal("not json \u001b[31m\u202e", JsonDocument.Parse(json.Output).RootElement.GetProperty("data").GetString());
        Assert.DoesNotContain('\u202e', json.Output);
    }

    private static CliProbe Probe(FakeServer server)
    {
        return new CliProbe { Time = new SkippingTime(), Variables = { ["CLAUDEDRIVE_URL"] = server.Url } };
    }

    private static async Task StreamAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
