namespace ClaudeDrive.Chaos.Load;

/// <summary>What the people of a run did with one review item.</summary>
/// <param name="ReviewId">The item.</param>
/// <param name="Tries">Answers sent to a node.</param>
/// <param name="Acknowledged">Of these, those that a node answered with 200: their senders believe that the answer counts.</param>
internal sealed record AnswerRecord(string ReviewId, int Tries, int Acknowledged);
