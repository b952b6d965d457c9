namespace ClaudeDrive.Ingest;

/// <summary>
/// A request whose signature, age and id are proven and whose body has been read. Only an <see cref="Issuer"/> can make one, and
/// <see cref="WebhookVerifier"/> is the only issuer: whoever holds a delivery need not check again.
/// </summary>
internal sealed class VerifiedDelivery
{
    private VerifiedDelivery(WebhookRequest request, WebhookEnvelope envelope, DateTimeOffset signedAt, string secretId)
    {
        Request = request;
        Envelope = envelope;
        SignedAt = signedAt;
        SecretId = secretId;
    }

    /// <summary>The request it came in: endpoint, raw body, time of arrival, sender's address.</summary>
    public WebhookRequest Request { get; }

    /// <summary>What the body says.</summary>
    public WebhookEnvelope Envelope { get; }

    /// <summary>
    /// The proven time its freshness was judged by: that of the attempt, or for a body-only signature that of the event. UTC.
    /// </summary>
    public DateTimeOffset SignedAt { get; }

    /// <summary><see cref="WebhookSecret.Id"/> of the secret that matched.</summary>
    public string SecretId { get; }

    /// <summary>Gives its heirs, and nobody else, the right to make deliveries.</summary>
    internal abstract class Issuer
    {
        /// <summary>Makes a delivery from a request that passed every check.</summary>
        /// <exception cref="ArgumentException"><paramref name="proof"/> is not valid.</exception>
        protected static VerifiedDelivery Issue(
            WebhookRequest request, VerificationResult proof, DateTimeOffset signedAt, WebhookEnvelope envelope) =>
            proof.IsValid
                ? new VerifiedDelivery(request, envelope, signedAt, proof.SecretId)
                : throw new ArgumentException("A delivery needs a valid proof.", nameof(proof));
    }
}
