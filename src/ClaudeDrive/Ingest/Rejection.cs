using System.Diagnostics;

namespace ClaudeDrive.Ingest;

/// <summary>
/// Why a request was not proven or not readable: one of eight fixed values, so that refusing costs a stranger's flood no memory here.
/// Holds nothing of the request; safe to answer and to log.
/// </summary>
internal sealed class Rejection
{
    /// <summary>The signature headers of an enabled dialect are absent, empty or incomplete.</summary>
    public static readonly Rejection SignatureMissing = new(
        "signature_missing", "The signature headers of an enabled dialect are absent or incomplete.");

    /// <summary>The id or the signature header cannot be read; the id is repeated; a value was folded with commas.</summary>
    public static readonly Rejection SignatureMalformed = new(
        "signature_malformed", "The id or signature header is repeated, folded or not readable.");

    /// <summary>No signature was made with a secret of this endpoint over exactly these bytes.</summary>
    public static readonly Rejection SignatureMismatch = new(
        "signature_mismatch", "No signature matches a secret of this endpoint over exactly the bytes received.");

    /// <summary>The timestamp header is repeated or not digits; or a body-only signature covers no readable <c>created_at</c>.</summary>
    public static readonly Rejection TimestampMalformed = new(
        "timestamp_malformed", "The timestamp is repeated, absent from the signed body, or not readable.");

    /// <summary>The timestamp is older than the tolerance allows.</summary>
    public static readonly Rejection TimestampTooOld = new("timestamp_too_old", "The timestamp is older than the tolerance allows.");

    /// <summary>The timestamp is further ahead than the tolerance allows.</summary>
    public static readonly Rejection TimestampTooNew = new("timestamp_too_new", "The timestamp is further ahead than the tolerance allows.");

    /// <summary>The signature is right, but the body's <c>id</c> is not that of the id header.</summary>
    public static readonly Rejection IdMismatch = new("id_mismatch", "The id in the body is not the id in the header.");

    /// <summary>The signature is right, but the body is no JSON in UTF-8, or is nested more than 64 deep.</summary>
    public static readonly Rejection BodyMalformed = new("body_malformed", "The body is not JSON in UTF-8 nested at most 64 deep.");

    private Rejection(string code, string detail)
    {
        Code = code;
        Detail = detail;
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rejection> All { get; } =
    [
        SignatureMissing, SignatureMalformed, SignatureMismatch, TimestampMalformed, TimestampTooOld, TimestampTooNew, IdMismatch, BodyMalformed,
    ];

    /// <summary>The stable <c>code</c> of the problem document and of the deliveries list (contract §3).</summary>
    public string Code { get; }

    /// <summary>One sentence for people; always the same for one code.</summary>
    public string Detail { get; }

    /// <inheritdoc cref="Code"/>
    public override string ToString() => Code;

    /// <summary>The rejection for an outcome of the signature check other than valid.</summary>
    public static Rejection For(VerificationOutcome outcome) => outcome switch
    {
        VerificationOutcome.SignatureMissing => SignatureMissing,
        VerificationOutcome.SignatureMalformed => SignatureMalformed,
        VerificationOutcome.SignatureMismatch => SignatureMismatch,
        VerificationOutcome.TimestampMalformed => TimestampMalformed,
        VerificationOutcome.TimestampTooOld => TimestampTooOld,
        VerificationOutcome.TimestampTooNew => TimestampTooNew,
        VerificationOutcome.Valid => throw new UnreachableException("A valid outcome is no rejection."),
        _ => throw new UnreachableException($"Unknown outcome {outcome}."),
    };
}
