using ClaudeDrive.Ingest;
using Microsoft.Extensions.Primitives;

namespace ClaudeDrive.Cli.Verify;

/// <summary>
/// The doctor in use: what can be read from a delivery is explained here, whether its signature matches and what the receiver
/// would answer is asked of the library's verifier, so that the doctor can never disagree with the receiver.
/// </summary>
internal sealed class SignatureChecks : ISignatureDoctor
{
    public SignatureDiagnosis Examine(SignatureInput input)
    {
        var reading = SignatureReading.Of(input);
        var secrets = input.Secrets.Select(text => WebhookSecret.TryParse(text, out var secret) ? secret : null).ToArray();
        try
        {
            WebhookSecret[] usable = [.. secrets.OfType<WebhookSecret>()];
            var verdict = new WebhookVerifier(WebhookDialects.All, WebhookSignature.DefaultTolerance).Verify(Request(input), usable);
            return reading.Conclude(
                reading.CanMatch && usable.Length > 0 ? Match(input, secrets, usable) : SignatureReading.NotTried(),
                verdict.Rejection?.Code);
        }
        finally
        {
            Array.ForEach(secrets, secret => secret?.Dispose());
        }
    }

    /// <summary>Whether any secret matches any signature item over the exact bytes, whatever the delivery's age.</summary>
    private static SignatureCheck Match(SignatureInput input, WebhookSecret?[] secrets, WebhookSecret[] usable)
    {
        var headers = DeliveryHeaders.Of(input.Headers);
        string?[] signatures = headers.Signatures;
        var result = headers.CoversBodyOnly
            ? WebhookSignature.MatchBodyOnly(input.Body.Span, signatures, usable)
            : WebhookSignature.Verify(input.Body.Span, headers.Id, headers.Timestamps[0], signatures, usable, input.Now, TimeSpan.MaxValue);
        return result.IsValid
            ? new(SignatureReading.MatchName, true, $"secret {Array.IndexOf(secrets, usable[result.SecretIndex]) + 1} of {secrets.Length} made it")
            : new(
                SignatureReading.MatchName,
                false,
                "no secret here made this signature over these bytes: the secret is another endpoint's or was rotated, or the body, "
                + "the id or the timestamp is not exactly as sent (re-serialised JSON, changed line ends, an added line feed)",
                Rejection.For(result.Outcome).Code);
    }

    private static WebhookRequest Request(SignatureInput input)
    {
        return new WebhookRequest
        {
            Endpoint = "verify",
            Standard = Headers(DeliveryHeaders.StandardPrefix),
            Guide = Headers(DeliveryHeaders.GuidePrefix),
            Body = input.Body,
            ReceivedAt = input.Now,
        };

        WebhookHeaders Headers(string prefix) => new(Values(prefix + "id"), Values(prefix + "timestamp"), Values(prefix + "signature"));

        StringValues Values(string name)
        {
            return new([.. input.Headers.Where(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)]);
        }
    }
}
