namespace ClaudeDrive.Cli.Verify;

/// <summary>All checks in the order a person should mend them, and the code the receiver would answer with.</summary>
/// <param name="Checks">Every check.</param>
/// <param name="Code">Null when the delivery is valid.</param>
internal sealed record SignatureDiagnosis(IReadOnlyList<SignatureCheck> Checks, string? Code);
