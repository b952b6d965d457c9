namespace ClaudeDrive.Diagnostics;

/// <summary>Counts read requests to the Claude API since the process started: the numerator of reads per webhook.</summary>
internal interface IApiReadCounter
{
    /// <summary>Requests sent, failed ones included.</summary>
    long Reads { get; }
}
