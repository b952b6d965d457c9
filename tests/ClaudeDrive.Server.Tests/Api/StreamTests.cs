using System.Net.ServerSentEvents;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

public sealed class StreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_NewEvents_ArriveWithIds()
    {
        await using var server = await StartAsync();
        await server.EventAsync("wevt_old");
        await using var stream = await OpenAsync(server, "/api/v1/stream", null);

        await server.EventAsync("wevt_1");

        var first = await stream.NextAsync();
        Assert.Equal("events", first.EventType);
        Assert.Contains("\"event_id\":\"wevt_1\"", first.Data, StringComparison.Ordinal);
        Assert.Matches("^e2\\.c0\\.r0$", first.EventId);
    }

    [Fact]
    public async Task Stream_LastEventId_ResumesWithoutGapOrRepeat()
    {
        await using var server = await StartAsync();
        string id;
        await using (var stream = await OpenAsync(server, "/api/v1/stream", null))
        {
            await server.EventAsync("wevt_1");
            id = (await stream.NextAsync()).EventId!;
        }

        await server.EventAsync("wevt_2");
        await server.EventAsync("wevt_3");
        await using var resumed = await OpenAsync(server, "/api/v1/stream", id);

        Assert.Contains("wevt_2", (await resumed.NextAsync()).Data, StringComparison.Ordinal);
        Assert.Contains("wevt_3", (await resumed.NextAsync()).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_Topics_OnlyThose()
    {
        await using var server = await StartAsync();
        await using var stream = await OpenAsync(server, "/api/v1/stream?topics=reviews,contexts", "e0.c0.r0");

        await server.ReviewAsync();

        var context = await stream.NextAsync();
        var review = await stream.NextAsync();
        Assert.Equal("contexts", context.EventType);
        Assert.Contains("\"status\":\"idle\"", context.Data, StringComparison.Ordinal);
        Assert.Equal("reviews", review.EventType);
        Assert.Contains("\"state\":\"open\"", review.Data, StringComparison.Ordinal);
        Assert.Equal("e1.c1.r1", review.EventId);
    }

    [Fact]
    public async Task Stream_ServerStops_Ends()
    {
        await using var server = await StartAsync();
        await using var stream = await OpenAsync(server, "/api/v1/stream", "e0.c0.r0");

        var stopping = server.App.StopAsync(Token);

        Assert.False(await stream.MoveNextAsync());
        await stopping;
    }

    [Fact]
    public async Task Stream_ManyOldEvents_AllArriveInOrder()
    {
        await using var server = await StartAsync();
        for (var i = 0; i < 250; i++)
        {
            await server.EventAsync($"wevt_{i}");
        }

        await using var stream = await OpenAsync(server, "/api/v1/stream?topics=events", "e0.c0.r0");

        for (var i = 0; i < 250; i++)
        {
            Assert.Contains($"\"wevt_{i}\"", (await stream.NextAsync()).Data, StringComparison.Ordinal);
        }
    }

    // The stream waits on the real clock: its signal, not our patience, wakes it.
    private static Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartAsync(onPort: true);

    private static async Task<SseConnection> OpenAsync(ServerUnderTest server, string path, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new SseConnection(response, await response.Content.ReadAsStreamAsync(Token));
    }

    private sealed class SseConnection(HttpResponseMessage response, Stream body) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<SseItem<string>> _items = SseParser.Create(body).EnumerateAsync(Token).GetAsyncEnumerator(Token);

        public async Task<bool> MoveNextAsync() => await _items.MoveNextAsync().AsTask().WaitAsync(ServerUnderTest.Patience, Token);

        public async Task<SseItem<string>> NextAsync()
        {
            Assert.True(await MoveNextAsync());
            return _items.Current;
        }

        public async ValueTask DisposeAsync()
        {
            response.Dispose();
            await body.DisposeAsync();
        }
    }
}
