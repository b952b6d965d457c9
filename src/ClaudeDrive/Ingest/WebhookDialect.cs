namespace ClaudeDrive.Ingest;

/// <summary>The two shapes in which a delivery may arrive; found after verification (design §2, Ingest).</summary>
public enum WebhookDialect
{
    /// <summary>Headers <c>webhook-*</c>, the event's type in <c>data.type</c>: what the Claude API sends.</summary>
    Standard,

    /// <summary>Headers <c>X-Webhook-*</c>, type and ids at the top level: what the developer guide describes.</summary>
    Guide,
}
