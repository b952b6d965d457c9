using System.Text.Json;

namespace ClaudeDrive.Simulator.Delivery;

/// <summary>One attempt in the ledger.</summary>
/// <param name="Number">1 to 3 as Claude counts them; 0 for an extra one made by a fault.</param>
/// <param name="At">When it was signed, UTC.</param>
/// <param name="Status">HTTP status, if an answer came.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Latency">From sending to the answer.</param>
/// <param name="Fault">The fault that made or changed it.</param>
internal sealed record DeliveryAttempt(int Number, DateTimeOffset At, int? Status, AttemptOutcome Outcome, TimeSpan Latency, string? Fault)
{
    /// <summary>The outcome as the ledger spells it.</summary>
    public string OutcomeName => JsonNamingPolicy.SnakeCaseLower.ConvertName(Outcome.ToString());
}
