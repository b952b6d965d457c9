namespace ClaudeDrive.Ingest;

/// <summary>What the checks of <see cref="WebhookSignature"/> found. A closed set: the first check that fails names the outcome.</summary>
public enum VerificationOutcome
{
    /// <summary>
    /// The id, timestamp or signature header is absent or empty. Also the outcome of a default <see cref="VerificationResult"/>, which
    /// therefore never counts as valid.
    /// </summary>
    SignatureMissing = 0,

    /// <summary>Every check passed: the body is as its sender signed it, and fresh.</summary>
    Valid = 1,

    /// <summary>
    /// The id cannot have been signed as it stands (over 256 characters, a control character, a space, <c>.</c>, <c>,</c> or a non-ASCII
    /// character), or the signature header holds no readable signature: no <c>v1</c> item of 32 bytes in base64, a value that a
    /// proxy folded with commas, more than 16 items, or more than 4,096 characters.
    /// </summary>
    SignatureMalformed = 2,

    /// <summary>Readable signatures were given, and none was made with any of the secrets over exactly this id, timestamp and body.</summary>
    SignatureMismatch = 3,

    /// <summary>
    /// The timestamp is not 1 to 18 ASCII digits. For a body-only signature: the signed body has no readable <c>created_at</c>.
    /// </summary>
    TimestampMalformed = 4,

    /// <summary>The timestamp lies further in the past than the tolerance allows: a replay, or a slow clock at the sender.</summary>
    TimestampTooOld = 5,

    /// <summary>The timestamp lies further in the future than the tolerance allows: the two clocks disagree.</summary>
    TimestampTooNew = 6,
}
