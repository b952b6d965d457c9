namespace ClaudeDrive.Cli.Verify;

/// <summary>
/// The doctor in use: what can be read from a delivery is explained here, whether its signature matches is asked of the
/// library's verifier, so that the doctor can never disagree with the receiver.
/// </summary>
internal sealed class SignatureChecks : ISignatureDoctor
{
    public SignatureDiagnosis Examine(SignatureInput input)
    {
        var reading = SignatureReading.Of(input);
        return reading.Conclude(reading.CanMatch ? Match(input) : reading.NotTried());
    }

    /// <summary>Whether any secret matches any signature item over the exact bytes.</summary>
    private static SignatureCheck Match(SignatureInput input)
    {
        return new SignatureCheck(
            SignatureReading.MatchName,
            Passed: false,
            $"the verifier is not wired yet ({input.Secrets.Count} secrets, {input.Body.Length} bytes read)",
            "not_wired");
    }
}
