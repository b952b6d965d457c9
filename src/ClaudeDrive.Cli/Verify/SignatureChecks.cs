using ClaudeDrive.Ingest;

namespace ClaudeDrive.Cli.Verify;

/// <summary>
/// The doctor in use: what can be read from a delivery is explained here, whether its signature matches is asked of the
/// library's verifier, so that the doctor can never disagree with the receiver.
/// </summary>
internal sealed class SignatureChecks : ISignatureDoctor
{
    public SignatureDiagnosis Examine(SignatureInput input)
    {
        var reading = SignatureReading.Of(input);
        return reading.Conclude(reading.CanMatch ? Match(input, reading.SignedAt) : reading.NotTried());
    }

    /// <summary>Whether any secret matches any signature item over the exact bytes, measured at the signing itself: age is another check.</summary>
    private static SignatureCheck Match(SignatureInput input, DateTimeOffset signedAt)
    {
        var headers = DeliveryHeaders.Of(input.Headers);
        WebhookSecret[] secrets = [.. input.Secrets.Select(WebhookSecret.Parse)];
        try
        {
            var result = headers.CoversBodyOnly
                ? WebhookSignature.VerifyBodyOnly(input.Body.Span, headers.Signatures[0], secrets, signedAt)
                : WebhookSignature.Verify(input.Body.Span, headers.Ids[0], headers.Timestamps[0], headers.Signatures, secrets, signedAt);
            return result.IsValid
                ? new SignatureCheck(
                    SignatureReading.MatchName, true, FormattableString.Invariant($"secret {result.SecretIndex + 1} of {secrets.Length} (id {result.SecretId}) made it"))
                : new SignatureCheck(
                    SignatureReading.MatchName,
                    false,
                    FormattableString.Invariant($"none of {secrets.Length} secrets made this signature over these {input.Body.Length} bytes. ")
                        + "Another endpoint's secret, or a body that was changed on its way (re-serialised, line ends, a final newline), causes this",
                    CodeOf(result.Outcome));
        }
        finally
        {
            foreach (var secret in secrets)
            {
                secret.Dispose();
            }
        }
    }

    private static string CodeOf(VerificationOutcome outcome) => outcome switch
    {
        VerificationOutcome.SignatureMissing => "signature_missing",
        VerificationOutcome.SignatureMalformed => "signature_malformed",
        VerificationOutcome.TimestampMalformed => "timestamp_malformed",
        VerificationOutcome.TimestampTooOld => "timestamp_too_old",
        VerificationOutcome.TimestampTooNew => "timestamp_too_new",
        _ => "signature_mismatch",
    };
}
