namespace ClaudeDrive.Review;

/// <summary>What an item is of: at most one exists for each.</summary>
/// <param name="SessionId">The session that waits.</param>
/// <param name="BlockingEventId">The event of Claude's that it waits on.</param>
internal readonly record struct BlockerKey(string SessionId, string BlockingEventId);
