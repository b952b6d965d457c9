using System.Security.Cryptography;
using System.Text;
using ClaudeDrive.Ingest;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Tests.Ingest;

public sealed class WebhookSignatureVectorTests
{
    public static TheoryData<string> All => ["V1", "V2", "V3", "V4", "V5", "F1", "LibraryJavaScript", "LibraryRust"];

    [Theory]
    [MemberData(nameof(All))]
    public void Verify_GoldenVector_IsValid(string name)
    {
        var vector = Find(name);

        var result = vector.Verify();

        Assert.Equal(VerificationOutcome.Valid, result.Outcome);
        Assert.Equal(0, result.SecretIndex);
        Assert.Equal(WebhookSecret.Parse(vector.Secret).Id, result.SecretId);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Sign_GoldenVector_GivesItsSignature(string name)
    {
        var vector = Find(name);

        var signature = WebhookSignature.Sign(vector.Body, vector.Id, vector.Time, WebhookSecret.Parse(vector.Secret));

        Assert.Contains(signature, vector.Signature.Split(' '));
    }

    [Theory]
    [InlineData("V1", 228, "b0f4a8ddfd949d2dcc9f68939c9e80a507508ea1e47b18575155a4a2ec09af66")]
    [InlineData("V2", 371, "b6aeb47e47f3baecc47f0c7e98d3e1859ce9b69e528f4a4d442a784bd3af4fc7")]
    [InlineData("V3", 235, "13599660b6251079222f0f64afa9c8d4ebc074ece6800efe35ce7f341b8fd206")]
    [InlineData("V5", 219, "0499ee3775cb63b2cd6182ad623a83a8749a715b7aa8b36f929ec676ea79ec05")]
    public void GoldenVector_Body_HasItsPublishedBytes(string name, int length, string sha256)
    {
        var body = Find(name).Body;

        Assert.Equal(length, body.Length);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(body)));
    }

    [Fact]
    public void Verify_RotationHeader_MatchesEitherSecretAloneAndNotAThird()
    {
        Assert.True(SigningVectors.V3.Verify(secrets: [SigningVectors.SecretA]).IsValid);
        Assert.True(SigningVectors.V3.Verify(secrets: [SigningVectors.SecretB]).IsValid);
        Assert.Equal(VerificationOutcome.SignatureMismatch, SigningVectors.V3.Verify(secrets: [SigningVectors.SecretC]).Outcome);
    }

    [Fact]
    public void Verify_SeveralSecrets_TellsWhichMatched()
    {
        var result = SigningVectors.V1.Verify(secrets: [SigningVectors.SecretC, SigningVectors.SecretB, SigningVectors.SecretA]);

        Assert.Equal(2, result.SecretIndex);
        Assert.Equal(WebhookSecret.Parse(SigningVectors.SecretA).Id, result.SecretId);
    }

    [Fact]
    public void Verify_SignaturesOnSeveralLines_EachIsReadOnItsOwn()
    {
        var vector = SigningVectors.V3;
        WebhookSecret[] secrets = [WebhookSecret.Parse(SigningVectors.SecretB)];

        var result = WebhookSignature.Verify(
            vector.Body, vector.Id, vector.Timestamp, [SigningVectors.AsymmetricItem, SigningVectors.V3WithA, SigningVectors.V3WithB], secrets,
            vector.Time);

        Assert.True(result.IsValid);
    }

    [Theory]
    [InlineData(300, VerificationOutcome.Valid)]
    [InlineData(-300, VerificationOutcome.Valid)]
    [InlineData(301, VerificationOutcome.TimestampTooOld)]
    [InlineData(-301, VerificationOutcome.TimestampTooNew)]
    public void Verify_AtTheEdgeOfTheTolerance_IncludesExactly300Seconds(int secondsLater, VerificationOutcome expected) =>
        Assert.Equal(expected, SigningVectors.V1.Verify(secondsLater).Outcome);

    [Theory]
    [InlineData(0, 0, VerificationOutcome.Valid)]
    [InlineData(0, 1, VerificationOutcome.TimestampTooOld)]
    [InlineData(10, 10, VerificationOutcome.Valid)]
    [InlineData(10, -11, VerificationOutcome.TimestampTooNew)]
    public void Verify_ToleranceGiven_Decides(int toleranceSeconds, int secondsLater, VerificationOutcome expected) =>
        Assert.Equal(expected, SigningVectors.V1.Verify(secondsLater, TimeSpan.FromSeconds(toleranceSeconds)).Outcome);

    [Fact]
    public void Verify_WithinTheSameSecond_FractionOfNowDoesNotCount()
    {
        var vector = SigningVectors.V1;
        WebhookSecret[] secrets = [WebhookSecret.Parse(vector.Secret)];

        var result = WebhookSignature.Verify(
            vector.Body, vector.Id, vector.Timestamp, vector.Signature, secrets, vector.Time.AddSeconds(300).AddMilliseconds(999));

        Assert.True(result.IsValid);
    }

    [Fact]
    public void Verify_HeaderLookupAndTextSecrets_UsesTheGivenClock()
    {
        var vector = SigningVectors.V1;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Webhook-Id"] = vector.Id,
            ["Webhook-Timestamp"] = vector.Timestamp,
            ["Webhook-Signature"] = vector.Signature,
        };
        var time = new FakeTimeProvider(vector.Time);
        var secrets = $"{SigningVectors.SecretC} {SigningVectors.SecretA}";

        Assert.True(WebhookSignature.Verify(vector.Body, headers.GetValueOrDefault, secrets, time).IsValid);
        time.Advance(TimeSpan.FromSeconds(301));
        Assert.Equal(
            VerificationOutcome.TimestampTooOld,
            WebhookSignature.Verify(vector.Body, headers.GetValueOrDefault, secrets, time).Outcome);
        Assert.Equal(VerificationOutcome.SignatureMissing, WebhookSignature.Verify(vector.Body, _ => null, secrets, time).Outcome);
    }

    [Fact]
    public void Verify_CrLfInsteadOfLf_IsRefused()
    {
        var vector = SigningVectors.V2;
        var rewritten = vector with { Body = Encoding.UTF8.GetBytes(vector.Text.Replace("\n", "\r\n", StringComparison.Ordinal)) };

        Assert.Equal(VerificationOutcome.SignatureMismatch, rewritten.Verify().Outcome);
    }

    private static SigningVectors.Vector Find(string name) => name switch
    {
        "V1" => SigningVectors.V1,
        "V2" => SigningVectors.V2,
        "V3" => SigningVectors.V3,
        "V4" => SigningVectors.V4,
        "V5" => SigningVectors.V5,
        "F1" => SigningVectors.F1,
        "LibraryJavaScript" => SigningVectors.LibraryJavaScript,
        _ => SigningVectors.LibraryRust,
    };
}
