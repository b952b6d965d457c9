namespace ClaudeDrive.Simulator.Control;

/// <summary>One user event that reached the API.</summary>
/// <param name="SessionId">The session it was sent to.</param>
/// <param name="EventId">Its event id; <see langword="null"/> when it was refused or ignored.</param>
/// <param name="Type">Its type.</param>
/// <param name="Answers">The blocking event it answers or tried to answer.</param>
/// <param name="Refused">Why it was refused; <see langword="null"/> when accepted.</param>
/// <param name="At">When it came.</param>
internal sealed record UserEventEntry(string SessionId, string? EventId, string Type, string? Answers, string? Refused, DateTimeOffset At);
