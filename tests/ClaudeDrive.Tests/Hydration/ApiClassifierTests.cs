using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Anthropic.Exceptions;
using ClaudeDrive.Hydration;
using Xunit;

namespace ClaudeDrive.Tests.Hydration;

/// <summary>The table of claude-api §6 and §8.6, row by row.</summary>
public sealed class ApiClassifierTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 18, 14, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(302, null, "Permanent", "http_302", false)]
    [InlineData(400, null, "Permanent", "http_400", false)]
    [InlineData(401, null, "Permanent", "http_401", false)]
    [InlineData(402, null, "Permanent", "http_402", false)]
    [InlineData(403, null, "Permanent", "http_403", false)]
    [InlineData(404, null, "Gone", "http_404", false)]
    [InlineData(404, "5", "Gone", "http_404", false)]
    [InlineData(408, null, "Transient", "http_408", true)]
    [InlineData(409, null, "Transient", "http_409", false)]
    [InlineData(413, null, "Permanent", "http_413", false)]
    [InlineData(422, null, "Permanent", "http_422", false)]
    [InlineData(429, null, "Transient", "http_429", false)]
    [InlineData(429, "7", "Wait", "http_429", false)]
    [InlineData(500, null, "Transient", "http_500", true)]
    [InlineData(502, null, "Transient", "http_502", true)]
    [InlineData(503, "7", "Transient", "http_503", true)]
    [InlineData(504, null, "Transient", "http_504", true)]
    [InlineData(529, null, "Transient", "http_529", true)]
    [InlineData(529, "7", "Wait", "http_529", true)]
    public void Classify_Status_IsTheTable(int status, string? retryAfter, string expected, string code, bool mayHaveActed)
    {
        var failure = ApiClassifier.Classify(status, Error("some_error", "told"), retryAfter, Now, "req_1");

        Assert.Equal(expected, failure.Class.ToString());
        Assert.Equal(code, failure.Code);
        Assert.Equal("told", failure.Detail);
        Assert.Equal("req_1", failure.RequestId);
        Assert.Equal(mayHaveActed, failure.MayHaveActed);
        if (expected == "Wait")
        {
            Assert.Equal(TimeSpan.FromSeconds(7), failure.RetryAfter);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("30")]
    public void Classify_SpendCap_IsPermanentWhateverItSaysOfWaiting(string? retryAfter)
    {
        const string Body = """{"type":"error","error":{"type":"rate_limit_error","message":"m","details":{"error_code":"enforced_spend_limit_reached"}}}""";

        var failure = ApiClassifier.Classify(429, Body, retryAfter, Now, null);

        Assert.Equal(FailureClass.Permanent, failure.Class);
        Assert.Equal("spend_limit", failure.Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("<html>bad gateway</html>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"error\":\"text\"}")]
    [InlineData("{\"error\":{\"message\":5,\"details\":[]}}")]
    [InlineData("{\"error\":{\"message\":\"\\ud800\"}}")]
    [InlineData("{\"error\":{")]
    public void Classify_GarbageBody_GoesByTheStatus(string? body)
    {
        Assert.Equal(FailureClass.Transient, ApiClassifier.Classify(500, body, null, Now, null).Class);
        Assert.Equal(FailureClass.Gone, ApiClassifier.Classify(404, body, null, Now, null).Class);
    }

    [Fact]
    public void Classify_LongMessage_IsShortenedBetweenCharacters()
    {
        var failure = ApiClassifier.Classify(400, Error("e", string.Concat(Enumerable.Repeat("x😀", 400))), null, Now, null);

        Assert.InRange(failure.Detail.Length, 1, 300);
        Assert.False(char.IsHighSurrogate(failure.Detail[^1]));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("  ", null)]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("5", 5.0)]
    [InlineData(" 5 ", 5.0)]
    [InlineData("0.25", 0.25)]
    [InlineData("3600", 3600.0)]
    [InlineData("3601", 3600.0)]
    [InlineData("99999999999999999999999999", 3600.0)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("1e3", null)]
    [InlineData("1,5", null)]
    [InlineData("soon", null)]
    [InlineData("15:00", null)]
    [InlineData("2027", 2027.0)]
    [InlineData("Wed, 18 Mar 2026 14:00:30 GMT", 30.0)]
    [InlineData("Wed, 18 Mar 2026 13:59:59 GMT", null)]
    [InlineData("Thu, 19 Mar 2026 14:00:30 GMT", 3600.0)]
    [InlineData("2026-03-18T14:00:30Z", null)]
    public void ParseRetryAfter_EveryForm_IsBoundedOrNull(string? value, double? seconds)
    {
        var expected = seconds is { } number ? TimeSpan.FromSeconds(number) : (TimeSpan?)null;
        Assert.Equal(expected, ApiClassifier.ParseRetryAfter(value, Now));
    }

    [Fact]
    public void Classify_Exceptions_AreTheTable()
    {
        (Exception Exception, bool Stopping, FailureClass Class, string Code, bool MayHaveActed)[] table =
        [
            (new OperationCanceledException(), true, FailureClass.Interrupted, "stopping", true),
            (new OperationCanceledException(), false, FailureClass.Transient, "timeout", true),
            (new TaskCanceledException("", new TimeoutException()), false, FailureClass.Transient, "timeout", true),
            (new TimeoutException(), false, FailureClass.Transient, "timeout", true),
            (new JsonException(), false, FailureClass.Transient, "bad_answer", true),
            (new InvalidDataException(), false, FailureClass.Transient, "bad_answer", true),
            (new AnthropicInvalidDataException("x"), false, FailureClass.Transient, "bad_answer", true),
            (new ArgumentException("no parent"), false, FailureClass.Permanent, "not_sendable", false),
            (Connection(SocketError.ConnectionRefused), false, FailureClass.Transient, "connection", false),
            (Connection(SocketError.HostNotFound), false, FailureClass.Transient, "connection", false),
            (Connection(SocketError.ConnectionReset), false, FailureClass.Transient, "connection", true),
            (Connection(SocketError.TimedOut), false, FailureClass.Transient, "connection", true),
            (new HttpRequestException("ended early"), false, FailureClass.Transient, "connection", true),
            (new IOException("cut"), false, FailureClass.Transient, "connection", true),
        ];
        foreach (var (exception, stopping, expected, code, mayHaveActed) in table)
        {
            var failure = ApiClassifier.Classify(exception, null, Now, stopping);
            Assert.Equal((expected, code, mayHaveActed), (failure.Class, failure.Code, failure.MayHaveActed));
        }
    }

    private static AnthropicIOException Connection(SocketError error) =>
        new("failed", new HttpRequestException("failed", new SocketException((int)error), HttpStatusCode.BadGateway));

    private static string Error(string type, string message) =>
        JsonSerializer.Serialize(new { type = "error", error = new { type, message }, request_id = "req_1" });
}
