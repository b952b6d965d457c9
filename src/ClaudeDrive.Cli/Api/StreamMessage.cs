namespace ClaudeDrive.Cli.Api;

/// <summary>One server-sent event: its id for resuming, its topic and its data, which should be JSON.</summary>
internal sealed record StreamMessage(string? Id, string Topic, string Data);
