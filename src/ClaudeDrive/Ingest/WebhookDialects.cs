namespace ClaudeDrive.Ingest;

/// <summary>The dialects an endpoint accepts; written <c>standard,guide</c> in settings.</summary>
[Flags]
public enum WebhookDialects
{
    /// <summary>Accepts nothing. Not a usable setting; refused by the verifier.</summary>
    None = 0,

    /// <summary>Accepts <see cref="WebhookDialect.Standard"/>.</summary>
    Standard = 1,

    /// <summary>Accepts <see cref="WebhookDialect.Guide"/>.</summary>
    Guide = 2,

    /// <summary>Accepts both: the default of every endpoint.</summary>
    All = Standard | Guide,
}
