namespace ClaudeDrive.Server.Tests.Cli;

/// <summary>One request the fake server got.</summary>
internal sealed record SeenRequest(string Line, string Body, string Authorization, string LastEventId);
