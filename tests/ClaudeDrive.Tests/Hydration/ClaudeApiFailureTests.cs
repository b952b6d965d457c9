using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ClaudeDrive.Hydration;
using ClaudeDrive.Ingest;
using ClaudeDrive.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static ClaudeDrive.Tests.Fakes.ScriptedTransport;

namespace ClaudeDrive.Tests.Hydration;

/// <summary>What becomes of everything the API and the network can do wrong: one request, one value.</summary>
public sealed class ClaudeApiFailureTests
{
    private readonly FakeTimeProvider _time = Make.Time();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(408, "Transient")]
    [InlineData(409, "Transient")]
    [InlineData(429, "Transient")]
    [InlineData(500, "Transient")]
    [InlineData(503, "Transient")]
    [InlineData(529, "Transient")]
    [InlineData(400, "Permanent")]
    [InlineData(401, "Permanent")]
    [InlineData(404, "Gone")]
    [InlineData(302, "Permanent")]
    public async Task AnyCall_ErrorStatus_IsSentOnce(int status, string expected)
    {
        var transport = new ScriptedTransport(_ => Error(status));
        var metrics = Make.Metrics();
        using var api = Make.Api(transport, _time, metrics);

        var read = await ReadAsync(api);
        var sent = await SendAsync(api);

        Assert.Equal(expected, read.Failure!.Class.ToString());
        Assert.Equal(("told", "req_e"), (read.Failure.Detail, read.Failure.RequestId));
        Assert.Equal(expected, sent.Failure!.Class.ToString());
        Assert.Equal(["GET", "POST"], transport.Sent.Select(static request => request.Method));
        Assert.Equal(1, metrics.Reads);
    }

    [Fact]
    public async Task Send_ConnectionLost_IsSentOnceAndMayHaveActed()
    {
        var transport = new ScriptedTransport(static _ => throw new HttpRequestException("gone", new SocketException((int)SocketError.ConnectionReset)));
        using var api = Make.Api(transport, _time);

        var sent = await SendAsync(api);

        Assert.Equal((FailureClass.Transient, "connection", true), (sent.Failure!.Class, sent.Failure.Code, sent.Failure.MayHaveActed));
        Assert.Single(transport.Sent);
    }

    [Fact]
    public async Task Send_ConnectionRefused_HasNotActed()
    {
        var transport = new ScriptedTransport(static _ => throw new HttpRequestException("no", new SocketException((int)SocketError.ConnectionRefused)));
        using var api = Make.Api(transport, _time);

        Assert.False((await SendAsync(api)).Failure!.MayHaveActed);
    }

    [Theory]
    [InlineData("{\"id\":\"sesn_1\"")]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"sesn_1\"")]
    [InlineData("{}")]
    [InlineData("{\"id\":7}")]
    public async Task Get_AnswerThatIsNoObject_IsABadAnswer(string body)
    {
        using var api = Make.Api(new ScriptedTransport(_ => Json(body)), _time);

        var read = await ReadAsync(api);

        Assert.Equal((FailureClass.Transient, "bad_answer"), (read.Failure?.Class, read.Failure?.Code));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"data\":7}")]
    [InlineData("{\"data\":[{\"id\":\"a\"}")]
    public async Task List_AnswerThatIsNoList_IsABadAnswer(string body)
    {
        using var api = Make.Api(new ScriptedTransport(_ => Json(body)), _time);

        Assert.Equal("bad_answer", (await api.ListEventsAsync("sesn_1", null, null, WorkLane.Normal, Token)).Failure?.Code);
    }

    [Fact]
    public async Task Get_InvalidUtf8_IsABadAnswer()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes("{\"id\":\"sesn_1\",\"title\":\""), 0xC3, 0x28, .. Encoding.UTF8.GetBytes("\"}")];
        using var api = Make.Api(new ScriptedTransport(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body) }), _time);

        Assert.Equal("bad_answer", (await ReadAsync(api)).Failure?.Code);
    }

    [Fact]
    public async Task Get_HalfCharacters_AreReplacedAndTheRestIsUntouched()
    {
        const string Body = """{"id":"sesn_1","a":"\ud83d","b":"\\ud83d \uD83D\uDE00","c":"x\ude00y","d":"\ud83d\ud83d\ude00","\ud800":1,"e":"\ud83"}""";
        using var api = Make.Api(new ScriptedTransport(static _ => Json(Body.Replace(",\"e\":\"\\ud83\"", "", StringComparison.Ordinal))), _time);

        Assert.True((await ReadAsync(api)).TryGet(out var found, out var failure), failure?.ToString());

        Assert.Equal(
            """{"id":"sesn_1","a":"\ufffd","b":"\\ud83d \uD83D\uDE00","c":"x\ufffdy","d":"\ufffd\ud83d\ude00","\ufffd":1}""",
            Encoding.UTF8.GetString(found.Json.Span));
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(1000, false)]
    public async Task Get_DeepAnswer_IsReadUpToABound(int depth, bool isRead)
    {
        var body = $$"""{"id":"sesn_1","deep":{{new string('[', depth)}}{{new string(']', depth)}}}""";
        using var api = Make.Api(new ScriptedTransport(_ => Json(body)), _time);

        Assert.Equal(isRead, (await ReadAsync(api)).Failure is null);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(500)]
    public async Task Get_EndlessAnswer_IsCutAtTheLimit(int status)
    {
        var endless = new EndlessStream();
        using var api = Make.Api(new ScriptedTransport(_ => new HttpResponseMessage((HttpStatusCode)status) { Content = new StreamContent(endless) }), _time);

        Assert.Equal(FailureClass.Transient, (await ReadAsync(api)).Failure?.Class);
        Assert.InRange(endless.Position, 1, 64 * 1024 * 1024);
    }

    [Fact]
    public async Task AnyCall_NoAnswerInTime_TimesOutByTheClock()
    {
        var transport = new ScriptedTransport(static async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return Json("{}");
        });
        using var api = Make.Api(transport, _time);

        var read = ReadAsync(api);
        var sent = SendAsync(api);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(read.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("timeout", (await read).Failure!.Code);
        Assert.Equal(("timeout", true), ((await sent).Failure!.Code, (await sent).Failure!.MayHaveActed));
        Assert.Equal(2, transport.Sent.Count);
    }

    [Fact]
    public async Task AnyCall_OurStop_IsAnInterruption()
    {
        using var stop = new CancellationTokenSource();
        using var api = Make.Api(
            new ScriptedTransport(async (_, token) =>
            {
                await stop.CancelAsync();
                token.ThrowIfCancellationRequested();
                return Json("{}");
            }),
            _time);

        var read = await api.GetAsync(ResourceKey.Session("sesn_1"), null, WorkLane.Normal, stop.Token);
        var waiting = await api.GetAsync(ResourceKey.Session("sesn_1"), null, WorkLane.Normal, stop.Token);

        Assert.Equal(FailureClass.Interrupted, read.Failure!.Class);
        Assert.Equal(FailureClass.Interrupted, waiting.Failure!.Class);
    }

    [Fact]
    public async Task SideBySide_RetryAfter_BelongsToItsOwnCall()
    {
        using var gate = new SemaphoreSlim(0);
        var transport = new ScriptedTransport(async (request, token) =>
        {
            await gate.WaitAsync(token);
            return Error(429, request.Path.Split('_')[^1]);
        });
        using var api = Make.Api(transport, _time);

        var calls = Enumerable.Range(1, 40)
            .Select(seconds => api.GetAsync(ResourceKey.Session($"sesn_{seconds}"), null, WorkLane.Waiting, Token)).ToArray();
        gate.Release(40);
        var results = await Task.WhenAll(calls);

        Assert.Equal(Enumerable.Range(1, 40).Select(static seconds => (TimeSpan?)TimeSpan.FromSeconds(seconds)), results.Select(static result => result.Failure!.RetryAfter));
    }

    [Theory]
    [InlineData(429, "20", null, null)]
    [InlineData(529, "20", null, null)]
    [InlineData(200, null, "0", "2026-03-18T14:00:20Z")]
    public async Task Read_ToldToWait_HoldsBackEveryFurtherRead(int status, string? retryAfter, string? remaining, string? reset)
    {
        var isFirst = true;
        var transport = new ScriptedTransport(_ =>
        {
            var response = isFirst && status != 200 ? Error(status, retryAfter) : Json("""{"id":"sesn_1"}""");
            if (isFirst && remaining is not null)
            {
                response.Headers.Add("anthropic-ratelimit-requests-remaining", remaining);
                response.Headers.Add("anthropic-ratelimit-requests-reset", reset);
            }

            isFirst = false;
            return response;
        });
        using var api = Make.Api(transport, _time);
        await ReadAsync(api);

        var next = ReadAsync(api);
        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.Single(transport.Sent);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null((await next).Failure);
    }

    private static Task<ApiResult<ApiObject>> ReadAsync(ClaudeApi api) =>
        api.GetAsync(ResourceKey.Session("sesn_1"), null, WorkLane.Waiting, Token);

    private static Task<ApiResult<ApiObject>> SendAsync(ClaudeApi api) =>
        api.SendEventAsync("sesn_1", JsonDocument.Parse("""{"type":"user.interrupt"}""").RootElement, Token);

    private sealed class EndlessStream : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _read; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Assert.True(_read < 200 * 1024 * 1024, "Read without end.");
            buffer.AsSpan(offset, count).Fill((byte)' ');
            _read += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
