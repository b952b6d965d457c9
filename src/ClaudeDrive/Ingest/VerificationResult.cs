using System.Diagnostics.CodeAnalysis;

namespace ClaudeDrive.Ingest;

/// <summary>The answer of <see cref="WebhookSignature"/>: an outcome and, when valid, which secret proved it. Holds no secret value.</summary>
public readonly struct VerificationResult : IEquatable<VerificationResult>
{
    private readonly int _secretNumber;

    private VerificationResult(VerificationOutcome outcome, int secretNumber, string? secretId)
    {
        Outcome = outcome;
        _secretNumber = secretNumber;
        SecretId = secretId;
    }

    /// <summary>What was found.</summary>
    public VerificationOutcome Outcome { get; }

    /// <summary>True only for <see cref="VerificationOutcome.Valid"/>.</summary>
    [MemberNotNullWhen(true, nameof(SecretId))]
    public bool IsValid => Outcome == VerificationOutcome.Valid;

    /// <summary>Index, in the secrets that were passed, of the first one that matched; -1 unless valid.</summary>
    public int SecretIndex => _secretNumber - 1;

    /// <summary><see cref="WebhookSecret.Id"/> of the secret that matched; null unless valid. Shows when a rotated secret falls out of use.</summary>
    public string? SecretId { get; }

    /// <summary>Compares outcome and secret.</summary>
    public static bool operator ==(VerificationResult left, VerificationResult right) => left.Equals(right);

    /// <summary>Compares outcome and secret.</summary>
    public static bool operator !=(VerificationResult left, VerificationResult right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(VerificationResult other) =>
        Outcome == other.Outcome && _secretNumber == other._secretNumber && string.Equals(SecretId, other.SecretId, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is VerificationResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Outcome, _secretNumber);

    /// <summary>The outcome's name, and the secret's id when valid.</summary>
    public override string ToString() => IsValid ? $"{Outcome} (secret {SecretId})" : Outcome.ToString();

    internal static VerificationResult Valid(int index, WebhookSecret secret) => new(VerificationOutcome.Valid, index + 1, secret.Id);

    /// <summary>Makes a failed result. <paramref name="outcome"/> must not be <see cref="VerificationOutcome.Valid"/>.</summary>
    internal static VerificationResult Failed(VerificationOutcome outcome) =>
        outcome == VerificationOutcome.Valid
            ? throw new ArgumentException("A failure needs an outcome that is not valid.", nameof(outcome))
            : new(outcome, 0, null);
}
