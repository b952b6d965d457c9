using Microsoft.Extensions.Primitives;

namespace ClaudeDrive.Ingest;

/// <summary>
/// Turns a <see cref="WebhookRequest"/> into a <see cref="VerifiedDelivery"/> or a <see cref="Rejection"/>, by the rules of one endpoint.
/// Pure: no I/O, no clock, no state; safe to use from many threads. Never throws on anything a sender can send.
/// </summary>
/// <remarks>
/// Secrets are passed per call, since they rotate. Which headers count: if any of the standard ones is present, even empty, only they do;
/// else the guide's. Headers of a dialect that is not enabled count as missing. Then, the first failing check answers:
/// <list type="number">
/// <item>all three headers present (or the guide's signature alone): <c>signature_missing</c></item>
/// <item>id header once and well-formed: <c>signature_malformed</c>; timestamp header once and digits: <c>timestamp_malformed</c></item>
/// <item>age: <c>timestamp_too_old</c>, <c>timestamp_too_new</c></item>
/// <item>signature readable: <c>signature_malformed</c>; made with a secret of ours: <c>signature_mismatch</c></item>
/// <item>body is JSON: <c>body_malformed</c></item>
/// <item>for a body-only signature, the age by the body's <c>created_at</c>: <c>timestamp_malformed</c>, <c>…_too_old</c>, <c>…_too_new</c></item>
/// <item>the body's <c>id</c>, when it has one, is the header's: <c>id_mismatch</c></item>
/// </list>
/// The dialect of the envelope is that of the body's shape, whichever headers carried it.
/// </remarks>
internal sealed class WebhookVerifier : VerifiedDelivery.Issuer
{
    /// <summary>Longest tolerance of an endpoint: a day. Beyond it, freshness would protect from nothing.</summary>
    public static readonly TimeSpan MaxTolerance = TimeSpan.FromDays(1);

    private readonly WebhookDialects _dialects;
    private readonly TimeSpan _tolerance;

    /// <summary>Makes the verifier of one endpoint.</summary>
    /// <param name="dialects">The dialects it accepts, at least one.</param>
    /// <param name="tolerance">Greatest accepted distance between timestamp and arrival, inclusive; zero to <see cref="MaxTolerance"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">No dialect, an unknown one, or a tolerance out of range.</exception>
    public WebhookVerifier(WebhookDialects dialects, TimeSpan tolerance)
    {
        if (dialects is not (WebhookDialects.Standard or WebhookDialects.Guide or WebhookDialects.All))
        {
            throw new ArgumentOutOfRangeException(nameof(dialects), dialects, "An endpoint accepts the standard dialect, the guide's, or both.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(tolerance, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tolerance, MaxTolerance);
        _dialects = dialects;
        _tolerance = tolerance;
    }

    /// <summary>Checks one request.</summary>
    /// <param name="request">The request as received.</param>
    /// <param name="secrets">The secrets of its endpoint in force at its arrival. None: nothing can match.</param>
    public WebhookVerdict Verify(WebhookRequest request, ReadOnlySpan<WebhookSecret> secrets)
    {
        var (dialect, headers) = request.Standard.AnyPresent
            ? (WebhookDialects.Standard, request.Standard)
            : (WebhookDialects.Guide, request.Guide);
        if (!_dialects.HasFlag(dialect))
        {
            return Rejection.SignatureMissing;
        }

        return dialect == WebhookDialects.Guide && headers.OnlySignature
            ? VerifyBodyOnly(request, headers.Signature, secrets)
            : VerifySigned(request, headers, dialect == WebhookDialects.Standard ? WebhookDialect.Standard : WebhookDialect.Guide, secrets);
    }

    private WebhookVerdict VerifySigned(
        WebhookRequest request, in WebhookHeaders headers, WebhookDialect arrived, ReadOnlySpan<WebhookSecret> secrets)
    {
        if (headers.Id.Count == 0 || headers.Timestamp.Count == 0 || headers.Signature.Count == 0)
        {
            return Rejection.SignatureMissing;
        }

        if (headers.Id.Count > 1)
        {
            return Rejection.SignatureMalformed;
        }

        if (headers.Timestamp.Count > 1)
        {
            return Rejection.TimestampMalformed;
        }

        if (secrets.IsEmpty)
        {
            return Rejection.SignatureMismatch;
        }

        var (id, timestamp) = (headers.Id[0], headers.Timestamp[0]);
        var single = headers.Signature.Count == 1 ? headers.Signature[0] : null;
        var signatures = Values(headers.Signature, ref single);
        var proof = WebhookSignature.Verify(request.Body.Span, id, timestamp, signatures, secrets, request.ReceivedAt, _tolerance);
        if (!proof.IsValid)
        {
            return Rejection.For(proof.Outcome);
        }

        if (!EventBody.TryRead(request.Body.Span, out var fields))
        {
            return Rejection.BodyMalformed;
        }

        if (fields.Top.Get(EventField.Id) is { } bodyId && !string.Equals(bodyId, id, StringComparison.Ordinal))
        {
            return Rejection.IdMismatch;
        }

        _ = WebhookSignature.TryReadTimestamp(timestamp!, out var seconds);
        var envelope = EnvelopeParser.Parse(in fields, request.Body.Span, id, arrived, _dialects);
        return Issue(request, proof, DateTimeOffset.FromUnixTimeSeconds(seconds), envelope);
    }

    private WebhookVerdict VerifyBodyOnly(WebhookRequest request, StringValues signature, ReadOnlySpan<WebhookSecret> secrets)
    {
        var single = signature.Count == 1 ? signature[0] : null;
        var proof = WebhookSignature.MatchBodyOnly(request.Body.Span, Values(signature, ref single), secrets);
        if (!proof.IsValid)
        {
            return Rejection.For(proof.Outcome);
        }

        if (!EventBody.TryRead(request.Body.Span, out var fields))
        {
            return Rejection.BodyMalformed;
        }

        var age = WebhookSignature.CheckBodyAge(fields.CreatedAt, request.ReceivedAt, _tolerance);
        if (age != VerificationOutcome.Valid)
        {
            return Rejection.For(age);
        }

        var envelope = EnvelopeParser.Parse(in fields, request.Body.Span, headerId: null, WebhookDialect.Guide, _dialects);
        return Issue(request, proof, fields.CreatedAt!.Value, envelope);
    }

    /// <summary>The values as a span; one value, the usual case, without an array.</summary>
    private static ReadOnlySpan<string?> Values(StringValues values, ref string? single) =>
        values.Count == 1 ? new ReadOnlySpan<string?>(in single) : values.ToArray();
}
