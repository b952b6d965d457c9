using Microsoft.Extensions.Primitives;

namespace ClaudeDrive.Ingest;

/// <summary>The three headers of one dialect exactly as received: each absent, present once, or repeated.</summary>
/// <param name="Id">Values of the id header.</param>
/// <param name="Timestamp">Values of the timestamp header.</param>
/// <param name="Signature">Values of the signature header.</param>
internal readonly record struct WebhookHeaders(StringValues Id, StringValues Timestamp, StringValues Signature)
{
    /// <summary>True when at least one of the three is present, even if empty.</summary>
    public bool AnyPresent => Id.Count > 0 || Timestamp.Count > 0 || Signature.Count > 0;

    /// <summary>True when the signature is the only one present.</summary>
    public bool OnlySignature => Signature.Count > 0 && Id.Count == 0 && Timestamp.Count == 0;
}
