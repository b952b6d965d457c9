namespace ClaudeDrive.Ingest;

/// <content>Signatures that cover the body alone: <c>X-Webhook-Signature</c> without an id and a timestamp beside it.</content>
public static partial class WebhookSignature
{
    /// <summary>Header of the event id in the guide dialect.</summary>
    public const string GuideIdHeader = "X-Webhook-Id";

    /// <summary>Header of the time of the attempt in the guide dialect, in unix seconds.</summary>
    public const string GuideTimestampHeader = "X-Webhook-Timestamp";

    /// <summary>Header of the signature in the guide dialect; when it comes alone, it covers the body alone.</summary>
    public const string GuideSignatureHeader = "X-Webhook-Signature";

    /// <summary>
    /// Verifies a delivery that carries only <see cref="GuideSignatureHeader"/>: HMAC-SHA256 of the body as 64 hex digits of either
    /// case or as base64, with an optional prefix <c>sha256=</c> or <c>v1,</c>. As no header gives the time, the age is taken from the
    /// signed body's <c>created_at</c>; a body without one would be open to replay and is refused.
    /// </summary>
    /// <remarks>Checks the signature first and reads the body only when it is proven. Thread-safe.</remarks>
    /// <param name="body">The raw bytes of the request's body.</param>
    /// <param name="signature">Value of <see cref="GuideSignatureHeader"/>; null when absent.</param>
    /// <param name="secrets">The secrets in force, one or more.</param>
    /// <param name="now">The present. Compared with <c>created_at</c> in whole seconds, both rounded down.</param>
    /// <param name="tolerance">Greatest accepted distance, inclusive, zero or more; <see cref="DefaultTolerance"/> when null.</param>
    /// <returns>
    /// The outcome of the first failing check, or valid and which secret matched. <see cref="VerificationOutcome.TimestampMalformed"/>
    /// when the body is no JSON object or has no RFC 3339 <c>created_at</c> at its top level.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="secrets"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tolerance"/> is negative.</exception>
    /// <exception cref="ObjectDisposedException">A secret was disposed of.</exception>
    public static VerificationResult VerifyBodyOnly(
        ReadOnlySpan<byte> body,
        string? signature,
        ReadOnlySpan<WebhookSecret> secrets,
        DateTimeOffset now,
        TimeSpan? tolerance = null)
    {
        CheckArguments(secrets, tolerance);
        var proof = MatchBodyOnly(body, new ReadOnlySpan<string?>(in signature), secrets);
        if (!proof.IsValid)
        {
            return proof;
        }

        var createdAt = EventBody.TryRead(body, out var fields) ? fields.CreatedAt : null;
        return CheckBodyAge(createdAt, now, tolerance) is not VerificationOutcome.Valid and var age ? VerificationResult.Failed(age) : proof;
    }

    /// <summary>The signature part of <see cref="VerifyBodyOnly"/>: says nothing about the age.</summary>
    internal static VerificationResult MatchBodyOnly(
        ReadOnlySpan<byte> body, ReadOnlySpan<string?> signatures, ReadOnlySpan<WebhookSecret> secrets)
    {
        if (!AnyPresent(signatures))
        {
            return VerificationResult.Failed(VerificationOutcome.SignatureMissing);
        }

        Span<byte> macs = stackalloc byte[SignatureItems.MaxItems * SignatureItems.MacBytes];
        return SignatureItems.TryReadBodyOnly(signatures, macs, out var count)
            ? Match([], body, macs[..(count * SignatureItems.MacBytes)], secrets)
            : VerificationResult.Failed(VerificationOutcome.SignatureMalformed);
    }

    /// <summary>The age part of <see cref="VerifyBodyOnly"/>.</summary>
    internal static VerificationOutcome CheckBodyAge(DateTimeOffset? createdAt, DateTimeOffset now, TimeSpan? tolerance) =>
        createdAt is { } time ? CheckAge(time.ToUnixTimeSeconds(), now, tolerance) : VerificationOutcome.TimestampMalformed;
}
