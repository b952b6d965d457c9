using System.Text;
using ClaudeDrive.Ingest;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Ingest;

/// <summary>Random inputs. A failure prints the seed that repeats it.</summary>
public sealed class IngestPropertyTests
{
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 300];

    private static readonly Gen<string> Id = Gen.Char["abcXYZ019_-:/+=~"].Array[1, 256].Select(chars => new string(chars));

    private static readonly Gen<WebhookSecret> Secret =
        Gen.Byte.Array[24, 64].Select(key => WebhookSecret.Parse("whsec_" + Convert.ToBase64String(key)));

    // Pieces that make broken bodies likely to look almost right.
    private static readonly Gen<string> AlmostJson = Gen.OneOf(
        "{", "}", "[", "]", ",", ":", "\"", "\"id\"", "\"type\"", "\"event\"", "\"data\"", "\"created_at\"", "\"session_id\"", "\"resource\"", "1e9",
        "null", "true", "\\ud800", "\\u0000", "\"session.status_idled\"", "\"2025-11-24T16:00:00Z\"", " ", "\u00e9", "\u0001",
        "{\"type\":\"event\",\"data\":{\"type\":\"vault_credential.deleted\",\"id\":\"\\ud800\"}}")
        .Array[0, 30].Select(parts => string.Concat(parts));

    [Fact]
    public void SignThenVerify_AnyBodyIdTimeAndSecret_IsValid() =>
        Gen.Select(Bytes, Id, Gen.Long[0, 253_402_300_799], Secret).Sample((body, id, seconds, secret) =>
        {
            var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
            var timestamp = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var result = WebhookSignature.Verify(body, id, timestamp, WebhookSignature.Sign(body, id, time, secret), [secret], time);
            return result.IsValid && result.SecretId == secret.Id;
        });

    [Fact]
    public void Verify_OneBitOfTheBodyFlipped_IsMismatch() =>
        Gen.Select(Gen.Byte.Array[1, 300], Gen.Int[0, int.MaxValue], Secret).Sample((body, at, secret) =>
        {
            var signature = WebhookSignature.Sign(body, "whe_1", WebhookRequests.Now, secret);
            var bodySignature = WebhookSignature.SignBodyOnly(body, secret);
            body[at / 8 % body.Length] ^= (byte)(1 << (at % 8));
            var result = WebhookSignature.Verify(body, "whe_1", "1764000000", signature, [secret], WebhookRequests.Now);
            var bodyResult = WebhookSignature.VerifyBodyOnly(body, bodySignature, [secret], WebhookRequests.Now);
            return result.Outcome == VerificationOutcome.SignatureMismatch && bodyResult.Outcome == VerificationOutcome.SignatureMismatch;
        });

    [Fact]
    public void Verify_OneBitOfTheSignatureFlipped_IsRefused() =>
        Gen.Select(Bytes, Gen.Int[0, (47 * 7) - 1], Secret).Sample((body, at, secret) =>
        {
            var signature = WebhookSignature.Sign(body, "whe_1", WebhookRequests.Now, secret).ToCharArray();
            signature[at / 7] ^= (char)(1 << (at % 7));
            return !WebhookSignature.Verify(body, "whe_1", "1764000000", new string(signature), [secret], WebhookRequests.Now).IsValid;
        });

    [Fact]
    public void Verify_AnyHeaders_NeverThrowsAndIsNeverValid() =>
        Gen.Select(Bytes, Gen.String, Gen.String, Gen.String.Array[0, 4]).Sample((body, id, timestamp, signatures) =>
        {
            var headers = new WebhookHeaders(id, timestamp, signatures);
            return !WebhookRequests.Make(body, standard: headers).Verify().IsVerified
                && !WebhookRequests.Make(body, guide: headers).Verify().IsVerified
                && !WebhookRequests.Make(body, guide: new(default, default, signatures)).Verify().IsVerified;
        });

    [Fact]
    public void Verify_AnySignedBytes_AreKeptOrRefusedButNeverThrow() =>
        Bytes.Sample(body => HasOneAnswer(body), iter: 2000);

    [Fact]
    public void Verify_AnySignedAlmostJson_IsKeptOrRefusedButNeverThrows() =>
        AlmostJson.Sample(text => HasOneAnswer(Encoding.UTF8.GetBytes(text)), iter: 5000);

    [Fact]
    public void Parse_AnyEnvelope_IsFitToStore() =>
        AlmostJson.Sample(text =>
        {
            var verdict = WebhookRequests.Standard($$"""{"type":"session.updated","session_id":"s_1","x":[{{text}}]}""").Verify();
            return !verdict.IsVerified || IsFit(verdict.Delivery.Envelope);
        }, iter: 2000);

    private static bool HasOneAnswer(byte[] body)
    {
        var standard = WebhookRequests.Standard(body).Verify();
        var bodyOnly = WebhookRequests.BodyOnly(body).Verify();
        return IsAnswer(standard) && IsAnswer(bodyOnly);
    }

    private static bool IsAnswer(WebhookVerdict verdict) =>
        verdict.IsVerified
            ? IsFit(verdict.Delivery.Envelope)
            : verdict.Rejection.Code is "body_malformed" or "id_mismatch" or "timestamp_malformed" or "timestamp_too_old" or "timestamp_too_new";

    private static bool IsFit(WebhookEnvelope envelope) =>
        new[] { envelope.EventId, envelope.EventType, envelope.Resource?.Id, envelope.SessionId, envelope.ParentId, envelope.OrganizationId }
            .All(text => text is null || (text.Length is > 0 and <= 256 && !text.Any(char.IsControl)))
        && (envelope.IsParsed || envelope.EventType == EnvelopeParser.UnparsedType);
}
