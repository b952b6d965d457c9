using System.Text;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Hardening;

/// <summary>
/// Requests that no client sends, byte by byte. What reaches our code is answered with a problem document. What the web server refuses before that has no
/// body and closes the connection; those are listed in <c>docs/operations.md</c>.
/// </summary>
public sealed class MalformedRequestTests(MalformedRequestTests.Running running) : IClassFixture<MalformedRequestTests.Running>
{
    private const string Length = "Content-Length: 7\r\n";
    private const string Body = "{\"a\":1}";
    private const string Chunked = "Transfer-Encoding: chunked\r\n";
    private const string Chunks = "7\r\n" + Body + "\r\n0\r\n\r\n";
    private const string Next = "GET /healthz/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    /// <summary>Refused by the web server: the status, no body, and the connection ends, so that nothing behind it is read as a request.</summary>
    [Theory]
    [InlineData("no host", 400, "POST /webhooks/claude HTTP/1.1\r\n" + Length + "\r\n" + Body)]
    [InlineData("two hosts", 400, "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n")]
    [InlineData("host that is no name", 400, "GET /healthz/live HTTP/1.1\r\nHost: a b\r\n\r\n")]
    [InlineData("other target than host", 400, "GET http://other.example/healthz/live HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("two lengths", 400, "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\n" + Length + "Content-Length: 8\r\n\r\n" + Body)]
    [InlineData("two equal lengths", 400, "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\n" + Length + Length + "\r\n" + Body)]
    [InlineData("list of lengths", 400, "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7, 7\r\n\r\n" + Body)]
    [InlineData("negative length", 400, "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n" + Body)]
    [InlineData("length beyond numbers", 400, "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("unknown coding", 400, "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n" + Chunks)]
    [InlineData("chunked not last", 400, "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\n" + Chunked + "Transfer-Encoding: identity\r\n\r\n" + Chunks)]
    [InlineData("space before colon", 400, "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding : chunked\r\n\r\n" + Chunks)]
    [InlineData("line feeds alone", 400, "POST /webhooks/claude HTTP/1.1\nHost: localhost\n" + "Content-Length: 7\n\n" + Body)]
    [InlineData("one line feed alone", 400, "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nX: 1\n" + Length + "\r\n" + Body)]
    [InlineData("carriage return in a value", 400, "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n" + Length + "\r\n" + Body)]
    [InlineData("zero byte in a value", 400, "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n" + Length + "\r\n" + Body)]
    [InlineData("no colon", 400, "GET /healthz/live HTTP/1.1\r\nHost: localhost\r\nX\r\n\r\n")]
    [InlineData("no name", 400, "GET /healthz/live HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n")]
    [InlineData("method that is no token", 400, "P<ST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("backslashes", 400, "POST \\webhooks\\claude HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("zero byte in the path", 400, "POST /webhooks/claude/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("no version", 400, "GET /healthz/live\r\n\r\n")]
    [InlineData("unknown version", 505, "GET /healthz/live HTTP/1.2\r\nHost: localhost\r\n\r\n")]
    [InlineData("old version, body without length", 400, "POST /webhooks/claude HTTP/1.0\r\n\r\n" + Body)]
    public async Task Send_UnreadableRequest_StatusWithoutBodyAndTheConnectionEnds(string name, int status, string request)
    {
        var answer = await ExchangeAsync(request + Next);
        Assert.True(answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), $"{name}: {answer}");
        Assert.Contains("Content-Length: 0", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_TooMuchBeforeTheBody_StatusWithoutBody()
    {
        var many = string.Concat(Enumerable.Range(0, 101).Select(static i => $"x-{i}: 1\r\n"));
        Assert.StartsWith("HTTP/1.1 431 ", await ExchangeAsync($"GET /healthz/live HTTP/1.1\r\nHost: localhost\r\n{many}\r\n"), StringComparison.Ordinal);
        var large = new string('a', 33 * 1024);
        Assert.StartsWith("HTTP/1.1 431 ", await ExchangeAsync($"GET /healthz/live HTTP/1.1\r\nHost: localhost\r\nx: {large}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414 ", await ExchangeAsync($"GET /{large[..(9 * 1024)]} HTTP/1.1\r\nHost: localhost\r\n\r\n"), StringComparison.Ordinal);
    }

    /// <summary>Strange but readable: one problem document of ours, never a redirect.</summary>
    [Theory]
    [InlineData("two slashes before", 404, "not_found", "POST //webhooks/claude HTTP/1.1\r\nHost: localhost\r\n" + Length + "\r\n" + Body)]
    [InlineData("two slashes within", 404, "not_found", "POST /webhooks//claude HTTP/1.1\r\nHost: localhost\r\n" + Length + "\r\n" + Body)]
    [InlineData("encoded slash", 404, "not_found", "POST /webhooks%2Fclaude HTTP/1.1\r\nHost: localhost\r\n" + Length + "\r\n" + Body)]
    [InlineData("encoded slash in the name", 404, "endpoint_unknown", "POST /webhooks/claude/default%2F HTTP/1.1\r\nHost: localhost\r\n" + Length + "\r\n" + Body)]
    [InlineData("bad escape", 404, "endpoint_unknown", "POST /webhooks/claude/%zz HTTP/1.1\r\nHost: localhost\r\n" + Length + "\r\n" + Body)]
    [InlineData("bytes that are no text", 404, "endpoint_unknown", "POST /webhooks/claude/%ff HTTP/1.1\r\nHost: localhost\r\n" + Length + "\r\n" + Body)]
    [InlineData("fragment", 404, "not_found", "POST /webhooks/claude#x HTTP/1.1\r\nHost: localhost\r\n" + Length + "\r\n" + Body)]
    [InlineData("asterisk", 404, "not_found", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("tunnel", 404, "not_found", "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n")]
    [InlineData("trace", 405, "method_not_allowed", "TRACE /webhooks/claude HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("slash at the end", 400, "signature_missing", "POST /webhooks/claude/ HTTP/1.1\r\nHost: localhost\r\n" + Length + "\r\n" + Body)]
    [InlineData("dots", 400, "signature_missing", "POST /x/../webhooks/claude HTTP/1.1\r\nHost: localhost\r\n" + Length + "\r\n" + Body)]
    [InlineData("encoded dots", 400, "signature_missing", "POST /x/%2e%2e/webhooks/claude HTTP/1.1\r\nHost: localhost\r\n" + Length + "\r\n" + Body)]
    [InlineData("capitals", 400, "signature_missing", "POST /WEBHOOKS/Claude/DEFAULT HTTP/1.1\r\nHost: localhost\r\n" + Length + "\r\n" + Body)]
    [InlineData("query", 400, "signature_missing", "POST /webhooks/claude?x=1 HTTP/1.1\r\nHost: localhost\r\n" + Length + "\r\n" + Body)]
    [InlineData("absolute target", 400, "signature_missing", "POST http://localhost/webhooks/claude HTTP/1.1\r\nHost: localhost\r\n" + Length + "\r\n" + Body)]
    [InlineData("no body at all", 400, "signature_missing", "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("old version", 400, "signature_missing", "POST /webhooks/claude HTTP/1.0\r\n" + Length + "\r\n" + Body)]
    [InlineData("old version, chunked", 400, "signature_missing", "POST /webhooks/claude HTTP/1.0\r\n" + Chunked + "\r\n" + Chunks)]
    [InlineData("chunk extension", 400, "signature_missing", "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\n" + Chunked + "\r\n7;a=b\r\n" + Body + "\r\n0\r\n\r\n")]
    [InlineData("chunk size beyond numbers", 400, "body_malformed", "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\n" + Chunked + "\r\nFFFFFFFFFFFFFFFFF\r\n" + Body)]
    [InlineData("chunk with line feeds alone", 400, "body_malformed", "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\n" + Chunked + "\r\n7\n" + Body + "\n0\n\n")]
    [InlineData("expectation", 400, "signature_missing", "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nExpect: 200-ok\r\n" + Length + "\r\n" + Body)]
    [InlineData("name that is not ours", 400, "signature_missing", "POST /webhooks/claude HTTP/1.1\r\nHost: other.example\r\n" + Length + "\r\n" + Body)]
    public async Task Send_StrangeRequest_OneProblemDocument(string name, int status, string code, string request)
    {
        var answer = await ExchangeAsync(request);
        Assert.True(answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), $"{name}: {answer}");
        Assert.Contains($"\"code\":\"{code}\"", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/problem+json", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Location:", answer, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Trailing headers must not take the place of leading ones, which is why a valid delivery stays valid.</summary>
    [Fact]
    public async Task Send_TrailersNameOtherHeaders_AreIgnored()
    {
        var answer = await ExchangeAsync(Signed(Chunked) + $"{Vectors.V1.Body.Length:x}\r\n{V1Text}\r\n0\r\nwebhook-id: whe_other\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    /// <summary>Two lengths for one body: the chunks count, and the connection ends, so that what follows is never read as a second request.</summary>
    [Fact]
    public async Task Send_LengthAndChunks_ChunksCountAndNothingFollows()
    {
        await using var connection = await RawConnection.OpenAsync(running.Server);
        await connection.SendAsync(Signed($"Content-Length: 5\r\n{Chunked}") + $"{Vectors.V1.Body.Length:x}\r\n{V1Text}\r\n0\r\n\r\n{Next}");
        var answer = await connection.ReadToCloseAsync();
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("checks", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_TwoRequestsAtOnce_EachHasItsAnswer()
    {
        await using var connection = await RawConnection.OpenAsync(running.Server);
        await connection.SendAsync("POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\n" + Length + "\r\n" + Body + Next);
        var answer = await connection.ReadToCloseAsync();
        Assert.Contains("signature_missing", answer, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"ok\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_Expect100_AskedForOnlyWhenTheBodyIsWanted()
    {
        await using (var connection = await RawConnection.OpenAsync(running.Server))
        {
            await connection.SendAsync(Signed($"Expect: 100-continue\r\nContent-Length: {Vectors.V1.Body.Length}\r\n"));
            Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await connection.ReadHeadAsync());
            await connection.SendAsync(V1Text);
            Assert.StartsWith("HTTP/1.1 200 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
        }

        var answer = await ExchangeAsync("POST /webhooks/claude/nobody HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n" + Length + "\r\n");
        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_Http2WithoutTls_ToldToUseHttp1()
    {
        await using var connection = await RawConnection.OpenAsync(running.Server);
        await connection.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

        // A frame GOAWAY with HTTP_1_1_REQUIRED, the 13th error of RFC 9113.
        Assert.EndsWith("\r", await connection.ReadToCloseAsync(), StringComparison.Ordinal);
    }

    private static readonly string V1Text = Encoding.UTF8.GetString(Vectors.V1.Body);

    private static string Signed(string rest) =>
        $"POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nwebhook-id: {Vectors.V1.Id}\r\nwebhook-timestamp: {Vectors.V1.Timestamp}\r\n"
        + $"webhook-signature: {Vectors.V1.Signature}\r\n{rest}\r\n";

    private async Task<string> ExchangeAsync(string request)
    {
        await using var connection = await RawConnection.OpenAsync(running.Server);
        await connection.SendAsync(request);
        return await connection.ReadToEndAsync();
    }

    /// <summary>One server for all of them.</summary>
    public sealed class Running : IAsyncLifetime
    {
        internal ServerUnderTest Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await ServerUnderTest.StartAsync(onPort: true);

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
