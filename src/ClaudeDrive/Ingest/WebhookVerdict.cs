using System.Diagnostics.CodeAnalysis;

namespace ClaudeDrive.Ingest;

/// <summary>The verifier's answer: exactly one of a delivery and a rejection. A default verdict is a rejection.</summary>
internal readonly struct WebhookVerdict
{
    private readonly Rejection? _rejection;

    private WebhookVerdict(VerifiedDelivery? delivery, Rejection? rejection)
    {
        Delivery = delivery;
        _rejection = rejection;
    }

    /// <summary>True when the request is proven.</summary>
    [MemberNotNullWhen(true, nameof(Delivery))]
    [MemberNotNullWhen(false, nameof(Rejection))]
    public bool IsVerified => Delivery is not null;

    /// <summary>The proven delivery; null when rejected.</summary>
    public VerifiedDelivery? Delivery { get; }

    /// <summary>Why it was refused; null when proven.</summary>
    public Rejection? Rejection => Delivery is null ? _rejection ?? Rejection.SignatureMissing : null;

    /// <summary>Wraps a delivery.</summary>
    public static implicit operator WebhookVerdict(VerifiedDelivery delivery) => new(delivery, null);

    /// <summary>Wraps a rejection.</summary>
    public static implicit operator WebhookVerdict(Rejection rejection) => new(null, rejection);
}
