using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Anthropic.Exceptions;
using ClaudeDrive.Hydration;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Hydration;

/// <summary>Every status with any header and any body has one class, and the class keeps its promises. A failure is shrunk and prints its seed.</summary>
public sealed class ApiClassifierPropertyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 18, 14, 0, 0, TimeSpan.Zero);

    private static readonly Gen<int> Statuses = Gen.OneOf(
        Gen.OneOf(302, 400, 401, 402, 403, 404, 408, 409, 410, 413, 422, 429, 500, 502, 503, 504, 529), Gen.Int[100, 999], Gen.Int);

    private static readonly Gen<string> Junk = Gen.Char["0123456789+-.eE:, \tGMTWedMarNaIfiy\u0660\u00bd\r\n\0"].Array[0, 40].Select(chars => new string(chars));

    private static readonly Gen<DateTimeOffset> Dates = Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    private static readonly Gen<string?> RetryAfter = Gen.OneOf<string?>(
        Gen.Const((string?)null),
        Gen.OneOf<string?>("0", "-1", "7", "0.5", "1e9", "NaN", "Infinity", "-Infinity", "99999999999999999999999999999999", " 30 ", "1,5", "0x10", "٣"),
        Gen.Int.Select(static seconds => (string?)seconds.ToString(CultureInfo.InvariantCulture)),
        Gen.Double.Select(static seconds => (string?)seconds.ToString("R", CultureInfo.InvariantCulture)),
        Dates.Select(static date => (string?)date.ToString("r", CultureInfo.InvariantCulture)),
        Gen.Int[-7200, 7200].Select(static seconds => (string?)Now.AddSeconds(seconds).ToString("r", CultureInfo.InvariantCulture)),
        Junk.Select(static text => (string?)text));

    private static readonly Gen<string> Json = Gen.OneOf(
        "null", "7", "\"text\"", "[]", "{}", "\"\\ud800\"", "{\"error_code\":\"enforced_spend_limit_reached\"}", "{\"error_code\":7}", "\"enforced_spend_limit_reached\"");

    private static readonly Gen<string?> Bodies = Gen.OneOf<string?>(
        Gen.Const((string?)null),
        Gen.OneOf<string?>("", "<html>", "{", "[]", "null", "{\"error\":[]}", "{\"error\":{}}"),
        Gen.Select(Json, Json, Json, static (type, message, details) => (string?)$$$"""{"type":"error","error":{"type":{{{type}}},"message":{{{message}}},"details":{{{details}}}} }"""),
        Gen.Char.Array[0, 2_000].Select(static text => (string?)JsonSerializer.Serialize(new { error = new { message = new string(text) } })),
        Junk.Select(static text => (string?)text));

    [Fact]
    public void Classify_AnyAnswer_HasOneClassThatKeepsItsPromises() => Gen.Select(Statuses, Bodies, RetryAfter).Sample(
        static (status, body, retryAfter) =>
        {
            var failure = ApiClassifier.Classify(status, body, retryAfter, Now, "req_1");

            Assert.True(Enum.IsDefined(failure.Class));
            Assert.Matches("^(http_-?[0-9]+|spend_limit)$", failure.Code);
            Assert.InRange(failure.Detail.Length, 0, 300);
            Assert.Equal("req_1", failure.RequestId);
            CheckWait(failure);

            // What waiting cannot cure is never tried again by itself; what is not there is gone, and nothing else is.
            Assert.Equal(status == 404, failure.Class == FailureClass.Gone);
            Assert.True(failure.Code != "spend_limit" || failure is { Class: FailureClass.Permanent, RetryAfter: null });
            Assert.True(status is 408 or 409 or 429 or >= 500 || failure.Class is FailureClass.Permanent or FailureClass.Gone, $"{status} is {failure.Class}");
            Assert.NotEqual(FailureClass.Interrupted, failure.Class);

            // A write that Claude surely refused was not carried out; one that met a broken server may have been.
            Assert.Equal(status is 408 or >= 500, failure.MayHaveActed);
        },
        iter: 20_000);

    [Fact]
    public void Classify_SpendLimit_IsPermanentOnlyWhereClaudeSaysSo() => Gen.Select(Json, RetryAfter).Sample(
        static (details, retryAfter) =>
        {
            var body = $$$"""{"error":{"message":"m","details":{{{details}}}} }""";
            var isLimit = details.StartsWith("{\"error_code\":\"enforced", StringComparison.Ordinal);

            var failure = ApiClassifier.Classify(429, body, retryAfter, Now, null);

            return isLimit == (failure.Class == FailureClass.Permanent) && isLimit == (failure.Code == "spend_limit");
        },
        iter: 5_000);

    [Fact]
    public void ParseRetryAfter_AnyText_IsNullOrAWaitThatEnds() => Gen.Select(RetryAfter, Dates).Sample(
        static (value, now) => ApiClassifier.ParseRetryAfter(value, now) is not { } wait || (wait > TimeSpan.Zero && wait <= ApiClassifier.MaxWait),
        iter: 20_000);

    [Fact]
    public void ParseRetryAfter_Seconds_AreThatLongUpToAnHour() => Gen.Int[1, 1_000_000].Sample(
        static seconds => ApiClassifier.ParseRetryAfter(seconds.ToString(CultureInfo.InvariantCulture), Now) == TimeSpan.FromSeconds(Math.Min(seconds, 3600)));

    [Fact]
    public void Classify_AnyChainOfExceptions_IsAnswered() => Exceptions(4).Sample(
        static exception =>
        {
            foreach (var stopping in (bool[])[false, true])
            {
                var failure = ApiClassifier.Classify(exception, "5", Now, stopping);
                Assert.True(Enum.IsDefined(failure.Class));
                Assert.True(failure.Class != FailureClass.Interrupted || stopping, "interrupted without a stop");
                Assert.True(failure.Class is not (FailureClass.Gone or FailureClass.Wait), $"{exception.GetType()} says nothing about the resource");
                CheckWait(failure);
            }
        },
        iter: 5_000);

    private static void CheckWait(ApiFailure failure)
    {
        Assert.True(failure.RetryAfter is null || (failure.RetryAfter > TimeSpan.Zero && failure.RetryAfter <= ApiClassifier.MaxWait), $"waits {failure.RetryAfter}");
        Assert.True(failure.Class != FailureClass.Wait || failure.RetryAfter is not null, "told to wait, but not how long");
    }

    private static Gen<Exception> Exceptions(int depth)
    {
        var inner = depth == 0 ? Gen.Const((Exception?)null) : Exceptions(depth - 1).Null(0.4);
        return Gen.Select(Gen.Int[0, 9], inner, Gen.Enum<SocketError>(), static (kind, cause, socket) => (Exception)(kind switch
        {
            0 => new HttpRequestException("m", cause, HttpStatusCode.BadGateway),
            1 => new IOException("m", cause),
            2 => new SocketException((int)socket),
            3 => new TaskCanceledException("m", cause),
            4 => new OperationCanceledException("m", cause),
            5 => new TimeoutException("m", cause),
            6 => new JsonException("m", cause),
            7 => new InvalidDataException("m", cause),
            8 => new AnthropicIOException("m", cause as HttpRequestException ?? new HttpRequestException("m", cause)),
            _ => new ArgumentException("m", cause),
        }));
    }
}
