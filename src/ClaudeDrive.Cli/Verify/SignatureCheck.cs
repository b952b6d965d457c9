namespace ClaudeDrive.Cli.Verify;

/// <summary>One check of a delivery.</summary>
/// <param name="Name">Its stable name, such as <c>freshness</c>.</param>
/// <param name="Passed">Null when it could not be made because an earlier one failed.</param>
/// <param name="Explanation">What was found, and what to do when it failed. Holds no secret and no signature.</param>
/// <param name="Code">The receiver's code for this failure; null when it passed.</param>
internal sealed record SignatureCheck(string Name, bool? Passed, string Explanation, string? Code = null);
