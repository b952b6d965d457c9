using System.Text;
using ClaudeDrive.Access;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Receiver;

/// <summary>What only a socket can send: repeated and folded headers, bodies that lie about their length, come slowly or break off.</summary>
public sealed class RawSocketTests
{
    private static readonly Vector V1 = Vectors.V1;

    [Theory]
    [InlineData("webhook-id", "signature_malformed")]
    [InlineData("webhook-timestamp", "timestamp_malformed")]
    public async Task Receive_HeaderTwice_Refused(string header, string code)
    {
        var value = header == "webhook-id" ? V1.Id : "1764000000";
        var answer = await ExchangeAsync(Head($"{header}: {value}\r\nContent-Length: {V1.Body.Length}\r\n") + Encoding.UTF8.GetString(V1.Body));
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{code}\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_SignatureOnTwoLines_EachIsTried()
    {
        var answer = await ExchangeAsync(
            Head($"webhook-signature: v1,RM/a3S328+Hm9Uwoh0+3QGoX5mRv0G/Bz4MjEfuLuGQ=\r\nContent-Length: {V1.Body.Length}\r\n")
            + Encoding.UTF8.GetString(V1.Body));
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_SignatureFoldedWithComma_Malformed()
    {
        var head = Head($"Content-Length: {V1.Body.Length}\r\n").Replace(V1.Signature, V1.Signature + "," + V1.Signature, StringComparison.Ordinal);
        var answer = await ExchangeAsync(head + Encoding.UTF8.GetString(V1.Body));
        Assert.Contains("\"code\":\"signature_malformed\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_ObsoleteLineFolding_Refused()
    {
        var head = Head($"Content-Length: {V1.Body.Length}\r\n").Replace("webhook-signature: ", "webhook-signature:\r\n ", StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400", await ExchangeAsync(head + Encoding.UTF8.GetString(V1.Body)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_AnnouncedTooLarge_RefusedUnread()
    {
        // The body never comes: an answer shows that nobody waited for it.
        var answer = await ExchangeAsync(Head("Content-Length: 300000\r\n"));
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_ChunkedTooLarge_Refused()
    {
        var chunk = new string('x', 0x10000);
        var text = new StringBuilder(Head("Transfer-Encoding: chunked\r\n"));
        for (var i = 0; i < 5; i++)
        {
            text.Append("10000\r\n").Append(chunk).Append("\r\n");
        }

        Assert.StartsWith("HTTP/1.1 413", await ExchangeAsync(text.ToString()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_BadChunk_BodyMalformed()
    {
        var answer = await ExchangeAsync(Head("Transfer-Encoding: chunked\r\n") + "zz\r\nhello\r\n");
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"body_malformed\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_Truncated_NothingStored()
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        await using (var connection = await RawConnection.OpenAsync(server))
        {
            await connection.SendAsync(Head($"Content-Length: {V1.Body.Length}\r\n") + Encoding.UTF8.GetString(V1.Body)[..100]);
            connection.EndSending();
            var answer = await connection.ReadToEndAsync();
            Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal), answer);
        }

        Assert.Null(await server.Store.FindEventAsync(Sight.Everything, null, V1.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Receive_SlowBody_BodyMalformedAtTheTimeLimit()
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        await using var connection = await RawConnection.OpenAsync(server);
        await connection.SendAsync(Head($"Content-Length: {V1.Body.Length}\r\n") + Encoding.UTF8.GetString(V1.Body)[..100]);
        var answer = connection.ReadToEndAsync();
        while (!answer.IsCompleted)
        {
            server.Time.Advance(TimeSpan.FromSeconds(11));
            await Task.Yield();
        }

        Assert.Contains("\"code\":\"body_malformed\"", await answer, StringComparison.Ordinal);
    }

    private static string Head(string rest) =>
        $"POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nwebhook-id: {V1.Id}\r\n"
        + $"webhook-timestamp: {V1.Timestamp}\r\nwebhook-signature: {V1.Signature}\r\n{rest}\r\n";

    private static async Task<string> ExchangeAsync(string request)
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        await using var connection = await RawConnection.OpenAsync(server);
        await connection.SendAsync(request);
        return await connection.ReadToEndAsync();
    }
}
