using System.Text;
using System.Text.Json;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Tests.Ingest;

public sealed class WebhookSignatureRefusalTests
{
    private static readonly SigningVectors.Vector V1 = SigningVectors.V1;
    private static readonly string V1Base64 = V1.Signature[3..];

    [Fact]
    public void Verify_OneTrailingNewline_IsRefused() =>
        Assert.Equal(VerificationOutcome.SignatureMismatch, (V1 with { Body = [.. V1.Body, (byte)'\n'] }).Verify().Outcome);

    [Fact]
    public void Verify_BodySerialisedAgain_IsRefused()
    {
        var vector = SigningVectors.V2;
        var again = JsonSerializer.SerializeToUtf8Bytes(JsonElement.Parse(vector.Body));

        Assert.Equal(VerificationOutcome.SignatureMismatch, (vector with { Body = again }).Verify().Outcome);
    }

    [Fact]
    public void Verify_IdAltered_IsRefused() =>
        Assert.Equal(VerificationOutcome.SignatureMismatch, (V1 with { Id = "whe_01TESTVECTOR0000000000009" }).Verify().Outcome);

    [Theory]
    [InlineData("1763999999")]
    [InlineData("1764000001")]
    [InlineData("01764000000")]
    public void Verify_TimestampAltered_IsRefused(string timestamp)
    {
        var result = WebhookSignature.Verify(V1.Body, V1.Id, timestamp, V1.Signature, Secrets(), V1.Time);

        Assert.Equal(VerificationOutcome.SignatureMismatch, result.Outcome);
    }

    [Theory]
    [InlineData(null, "1764000000", "v1,x")]
    [InlineData("whe_1", null, "v1,x")]
    [InlineData("whe_1", "1764000000", null)]
    [InlineData("", "1764000000", "v1,x")]
    [InlineData("whe_1", "", "v1,x")]
    [InlineData("whe_1", "1764000000", "")]
    [InlineData(null, null, null)]
    public void Verify_HeaderMissingOrEmpty_IsMissing(string? id, string? timestamp, string? signature)
    {
        var result = WebhookSignature.Verify(V1.Body, id, timestamp, signature, Secrets(), V1.Time);

        Assert.Equal(VerificationOutcome.SignatureMissing, result.Outcome);
    }

    [Theory]
    [InlineData("v1,RM/a3S328+Hm9Uwoh0+3QGoX5mRv0G/Bz4MjEfuLuGQ=")] // made with C
    [InlineData("v1,aVTMTAhI3K6Dr6ntM07elpmOuz0rI0zPKZ1NrawdesI=")] // over the body only
    [InlineData("v1,kZ1KIDU2wdX+LRFsJ4xUbsoA+CO9sf9PjXKrXkSPkFE=")] // the secret's text as key
    public void Verify_ReadableButForeignSignature_IsMismatch(string signature) =>
        Assert.Equal(VerificationOutcome.SignatureMismatch, (V1 with { Signature = signature }).Verify().Outcome);

    public static TheoryData<string> Unreadable =>
    [
        SigningVectors.AsymmetricItem,
        V1Base64,
        "v1",
        "v1,",
        "v1,not-base64",
        "V1," + V1Base64,
        "v2," + V1Base64,
        " , ",
        "v1," + V1Base64[..^1],
        "v1," + V1Base64 + "=",
        "v1," + V1Base64[..10] + " " + V1Base64[10..],
        "v1," + V1Base64[..10] + "\t" + V1Base64[11..],
        "v1," + V1Base64[..42] + "J=", // the unused bits of the last digit set
        "v1,AAAA",
        "v1," + new string('A', 88),
        $"{V1.Signature},{V1.Signature}", // folded by a proxy
        $"{V1.Signature}, {V1.Signature}",
        $"v1,AAA=,{V1.Signature}",
        "\0\u0001\uFFFF\uD800",
        new string('v', 5000),
        $"{V1.Signature} {new string('x', 4096)}",
        string.Join(' ', Enumerable.Repeat(V1.Signature, 17)),
    ];

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void Verify_NoReadableSignature_IsMalformed(string signature) =>
        Assert.Equal(VerificationOutcome.SignatureMalformed, (V1 with { Signature = signature }).Verify().Outcome);

    [Theory]
    [InlineData("  ", "  ")]
    [InlineData("v1,garbage ", " v9,x bare")]
    public void Verify_OneReadableSignatureAmongOthers_IsValid(string before, string after) =>
        Assert.True((V1 with { Signature = before + V1.Signature + after }).Verify().IsValid);

    [Fact]
    public void Verify_SixteenItems_AreAllRead()
    {
        var header = string.Join(' ', Enumerable.Repeat("v1,RM/a3S328+Hm9Uwoh0+3QGoX5mRv0G/Bz4MjEfuLuGQ=", 15).Append(V1.Signature));

        Assert.True((V1 with { Signature = header }).Verify().IsValid);
    }

    [Fact]
    public void Verify_ItemsOnManyLines_AreCountedTogether()
    {
        string[] headers = [.. Enumerable.Repeat(V1.Signature, 17)];

        Assert.Equal(
            VerificationOutcome.SignatureMalformed, WebhookSignature.Verify(V1.Body, V1.Id, V1.Timestamp, headers, Secrets(), V1.Time).Outcome);
    }

    public static TheoryData<string> BadIds => ["a.b", "a,b", "a b", " ", "a\n", "a\0b", "a\u007f", "\u00e4", "\ud83d\ude00", new string('a', 257)];

    [Theory]
    [MemberData(nameof(BadIds))]
    public void Verify_IdThatCannotHaveBeenSigned_IsMalformed(string id) =>
        Assert.Equal(VerificationOutcome.SignatureMalformed, (V1 with { Id = id }).Verify().Outcome);

    [Fact]
    public void Verify_LongestId_IsAccepted()
    {
        var secret = WebhookSecret.Parse(V1.Secret);
        var id = new string('~', 256);
        var signature = WebhookSignature.Sign(V1.Body, id, V1.Time, secret);

        Assert.True((V1 with { Id = id, Signature = signature }).Verify().IsValid);
    }

    [Theory]
    [InlineData("-1764000000")]
    [InlineData("+1764000000")]
    [InlineData(" 1764000000")]
    [InlineData("1764000000 ")]
    [InlineData("1764000000.0")]
    [InlineData("1,764,000,000")]
    [InlineData("1764000000,1764000000")]
    [InlineData("1.764e9")]
    [InlineData("0x69248300")]
    [InlineData("١٧٦٤٠٠٠٠٠٠")]
    [InlineData("2025-11-24T16:00:00Z")]
    [InlineData("1000000000000000000")]
    [InlineData("99999999999999999999999999999999")]
    public void Verify_TimestampNotDigits_IsMalformed(string timestamp)
    {
        var result = WebhookSignature.Verify(V1.Body, V1.Id, timestamp, V1.Signature, Secrets(), V1.Time);

        Assert.Equal(VerificationOutcome.TimestampMalformed, result.Outcome);
    }

    [Theory]
    [InlineData("0", VerificationOutcome.TimestampTooOld)]
    [InlineData("1764000000000", VerificationOutcome.TimestampTooNew)] // milliseconds
    [InlineData("999999999999999999", VerificationOutcome.TimestampTooNew)]
    public void Verify_TimestampFarAway_IsNotFresh(string timestamp, VerificationOutcome expected)
    {
        var result = WebhookSignature.Verify(V1.Body, V1.Id, timestamp, V1.Signature, Secrets(), V1.Time);

        Assert.Equal(expected, result.Outcome);
    }

    [Fact]
    public void Verify_SeveralChecksFail_TheFirstInOrderAnswers()
    {
        WebhookSecret[] wrong = [WebhookSecret.Parse(SigningVectors.SecretC)];
        var late = V1.Time.AddHours(1);

        Assert.Equal(VerificationOutcome.SignatureMissing, WebhookSignature.Verify([], "a.b", "x", (string?)null, wrong, late).Outcome);
        Assert.Equal(VerificationOutcome.SignatureMalformed, WebhookSignature.Verify([], "a.b", "x", "y", wrong, late).Outcome);
        Assert.Equal(VerificationOutcome.TimestampMalformed, WebhookSignature.Verify([], "a", "x", "y", wrong, late).Outcome);
        Assert.Equal(VerificationOutcome.TimestampTooOld, WebhookSignature.Verify([], "a", V1.Timestamp, "y", wrong, late).Outcome);
        Assert.Equal(VerificationOutcome.SignatureMalformed, WebhookSignature.Verify([], "a", V1.Timestamp, "y", wrong, V1.Time).Outcome);
        Assert.Equal(
            VerificationOutcome.SignatureMismatch, WebhookSignature.Verify([], "a", V1.Timestamp, V1.Signature, wrong, V1.Time).Outcome);
    }

    [Fact]
    public void Verify_CallerErrors_Throw()
    {
        Assert.Throws<ArgumentException>(() => WebhookSignature.Verify(V1.Body, V1.Id, V1.Timestamp, V1.Signature, [], V1.Time));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => WebhookSignature.Verify(V1.Body, V1.Id, V1.Timestamp, V1.Signature, Secrets(), V1.Time, TimeSpan.FromSeconds(-1)));
        Assert.Throws<FormatException>(() => WebhookSignature.Verify(V1.Body, _ => null, " "));
        Assert.Throws<ArgumentException>(() => WebhookSignature.Sign([], "a.b", V1.Time, Secrets()[0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => WebhookSignature.Sign([], "a", DateTimeOffset.UnixEpoch.AddSeconds(-1), Secrets()[0]));
    }

    [Fact]
    public void VerificationResult_Default_IsNotValid()
    {
        Assert.False(default(VerificationResult).IsValid);
        Assert.Equal(-1, default(VerificationResult).SecretIndex);
    }

    [Fact]
    public void VerificationResult_ToString_NamesTheSecretByItsIdOnly()
    {
        var text = V1.Verify().ToString();

        Assert.Contains(WebhookSecret.Parse(V1.Secret).Id, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Encoding.ASCII.GetString(Convert.FromBase64String(V1.Secret[6..])), text, StringComparison.Ordinal);
        Assert.DoesNotContain(V1.Secret[6..], text, StringComparison.Ordinal);
    }

    private static WebhookSecret[] Secrets() => [WebhookSecret.Parse(V1.Secret)];
}
