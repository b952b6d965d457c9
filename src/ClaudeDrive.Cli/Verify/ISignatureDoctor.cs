namespace ClaudeDrive.Cli.Verify;

/// <summary>Examines one delivery. A seam: the verdict belongs to the library's verifier, the explanations to the command.</summary>
internal interface ISignatureDoctor
{
    SignatureDiagnosis Examine(SignatureInput input);
}
