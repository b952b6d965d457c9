namespace ClaudeDrive.Simulator.Delivery;

/// <summary>Shape of a delivery.</summary>
internal enum Dialect
{
    /// <summary>Standard Webhooks headers, type in <c>data.type</c>.</summary>
    Standard,

    /// <summary>Flat body, <c>X-Webhook-Id</c>, <c>-Timestamp</c> and <c>-Signature</c>.</summary>
    Guide,

    /// <summary>Flat body, only <c>X-Webhook-Signature</c> with an HMAC of the body.</summary>
    GuideBodyOnly,
}
