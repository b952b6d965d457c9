namespace ClaudeDrive.AspNetCore.Stream;

/// <summary>One message of the stream.</summary>
/// <param name="Topic">Its topic: the SSE event name.</param>
/// <param name="Position">Position after it.</param>
/// <param name="Json">Its data.</param>
internal readonly record struct StreamMessage(string Topic, StreamPosition Position, byte[] Json);
